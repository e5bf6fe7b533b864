{#-
    The candidates with what they weigh, and the pairs that people decided on,
    whose decision outweighs everything.
-#}
{% macro identity_pairs(entity, records, candidates, weights, overrides) -%}
{%- set full -%}
{{ identity.step_powers() }}
{{ identity.identity_pairs__weighed(entity, records, candidates, weights, overrides) }}
{%- endset -%}
{%- set delta -%}
{{ identity.step_powers() }}
{{ identity.identity_touched(records) }}
{{ identity.step_without_touched() }}
{% call identity.step_table('step_candidates') %}
    select * from {{ candidates }}
    where record_a in (select record_number from step_touched)
    union
    select * from {{ candidates }}
    where record_b in (select record_number from step_touched)
{% endcall %}
{{ identity.identity_pairs__weighed(
    entity, records, 'step_candidates', weights, overrides,
    touched='step_touched'
) }}
{%- endset -%}
{{ identity.steps(full, delta) }}
{%- endmacro %}


{#- `touched` names a table of record numbers: only pairs with one of them. -#}
{% macro identity_pairs__weighed(
    entity, records, candidates, weights, overrides, touched=none
) -%}
{%- set settings = identity.identity_settings(entity) -%}
{% call identity.step_table('step_decided', indexes=['record_a, record_b']) %}
    select record_a, record_b, decision, is_declared
    from ({{ identity.identity_decisions(entity, records, overrides, declared=true) }}) as decisions
    {%- if touched %}
    where
        record_a in (select record_number from {{ touched }})
        or record_b in (select record_number from {{ touched }})
    {%- endif %}
{% endcall %}
{{ identity.identity_pairs__patterns(entity, records, candidates, weights) }}
select
    weighed.record_a,
    weighed.record_b,
    weighed.pattern,
    weighed.rarity,
    weighed.weight,
    powers.power / (1 + powers.power) as probability,
    weighed.decision
from (
    select
        candidates.record_a,
        candidates.record_b,
        candidates.pattern,
        candidates.rarity,
        case
            {%- if settings.mailbox_alone %}
            when candidates.is_mailbox_alone
                then {{ cleaning.greatest_of(
                    ['candidates.weight', settings.mailbox_alone]
                ) }}
            {%- endif %}
            when candidates.weight < candidates.sure_from
                then {{ cleaning.least_of(
                    ['candidates.ceiling', 'candidates.weight', settings.threshold - 1]
                ) }}
            else {{ cleaning.least_of(['candidates.ceiling', 'candidates.weight']) }}
        end as weight,
        '' as decision
    from (
        select
            candidates.record_a,
            candidates.record_b,
            candidates.pattern,
            candidates.rarity,
            patterns.ceiling,
            patterns.sure_from,
            {%- if settings.mailbox_alone %}
            patterns.is_mailbox_alone,
            {%- endif %}
            {{ identity.identity_pairs__calibrated('(patterns.weight + candidates.rarity)') }} as weight
        from {{ candidates }} as candidates
        inner join step_patterns as patterns
            on candidates.pattern = patterns.pattern
    ) as candidates
    where
        not exists (
            select 1 from step_decided as decided
            where
                decided.record_a = candidates.record_a
                and decided.record_b = candidates.record_b
        )
    union all
    select
        record_a,
        record_b,
        '' as pattern,
        0 as rarity,
        {#- what a source declares keeps within the groups that are kept apart #}
        case
            when is_declared then 10000
            when decision = 'same' then 1000000
            else -1000000
        end as weight,
        decision
    from step_decided
) as weighed
inner join step_powers as powers
    on
        powers.centibits
        = {{ cleaning.greatest_of([-4000, cleaning.least_of([4000, 'weighed.weight'])]) }}
{%- endmacro %}


{#- A pattern weighs the same wherever it is found, so it is weighed once. -#}
{% macro identity_pairs__patterns(entity, records, candidates, weights) -%}
{%- set fields = identity.identity_fields(entity) -%}
{% call identity.step_table('step_patterns', indexes=['pattern']) %}
    select
        pattern,
        (select weights.weight from {{ weights }} as weights
            where weights.field = '')
        {%- for field in fields %}
        + coalesce((
            select weights.weight from {{ weights }} as weights
            where
                weights.field = '{{ field.name }}'
                and weights.level = substr(pattern, {{ field.position }}, 1)
                and weights.relation = substr(pattern, 1, 1)
                and weights.has_moved = {{ identity.identity_weights__moved(field, fields) }}
        ), 0)
        {%- endfor %} as weight,
        {{ identity.identity_ceiling(entity) }} as ceiling,
        {{ identity.identity_ceiling__sure_from(entity, records) }} as sure_from
        {%- if identity.identity_settings(entity).mailbox_alone %},
        {{ identity.identity_ceiling__mailbox_alone(entity) }} as is_mailbox_alone
        {%- endif %}
    from (select distinct pattern from {{ candidates }}) as patterns
{% endcall %}
{%- endmacro %}


{#-
    What a pair weighs in all. Fields that differ mostly do so for one cause, a
    move or a marriage, and not each by itself: of pairs that their fields leave
    open more are true than the sum says, by a factor of three at even odds and of
    none beyond ten to one. Fitted to the labelled sets of docs/identity.md.
-#}
{% macro identity_pairs__calibrated(sum) -%}
case
            when {{ sum }} > 350 then {{ sum }}
            when {{ sum }} > 70 then cast({{ cleaning.nearest(sum ~ ' / 2.0 + 175') }} as integer)
            when {{ sum }} < -350 then {{ sum }} + 260
            else cast({{ cleaning.nearest(sum ~ ' * 5 / 7.0 + 160') }} as integer)
        end
{%- endmacro %}
