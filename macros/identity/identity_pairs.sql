{#-
    The candidates with what they weigh, and the pairs that people decided on,
    whose decision outweighs everything.
-#}
{% macro identity_pairs(entity, records, candidates, weights, overrides) -%}
{{ step_powers() }}
{{ identity_pairs__weighed(entity, records, candidates, weights, overrides) }}
{{ '\n-- delta\n' }}
{{ step_powers() }}
{{ identity_touched(records) }}
{{ step_without_touched() }}
{% call step_table('step_candidates') %}
    select * from {{ candidates }}
    where record_a in (select record_number from step_touched)
    union
    select * from {{ candidates }}
    where record_b in (select record_number from step_touched)
{% endcall %}
{{ identity_pairs__weighed(
    entity, records, 'step_candidates', weights, overrides
) }}
{%- endmacro %}


{#- A pattern weighs the same wherever it is found, so it is weighed once. -#}
{% macro identity_pairs__weighed(
    entity, records, candidates, weights, overrides
) -%}
{%- set fields = identity_fields(entity) -%}
{%- set numbers = ['one.record_number', 'other.record_number'] -%}
{#- Of contrary decisions the latest counts; of one day, `different`. #}
{% call step_table('step_decided', indexes=['record_a, record_b']) %}
    select
        record_a,
        record_b,
        decision
    from (
        select
            record_a,
            record_b,
            decision,
            row_number() over (
                partition by record_a, record_b
                order by decided_on desc, decision
            ) as place
        from (
            select
                {{ least_of(numbers) }} as record_a,
                {{ greatest_of(numbers) }} as record_b,
                overrides.decision,
                overrides.decided_on
            from {{ overrides }} as overrides
            inner join {{ records }} as one
                on overrides.record_id = one.record_id
            inner join {{ records }} as other
                on overrides.other_record_id = other.record_id
            where
                overrides.entity = '{{ entity }}'
                and overrides.decision in ('same', 'different')
                and one.record_number <> other.record_number
        ) as given
    ) as ranked
    where place = 1
{% endcall %}
{% call step_table('step_patterns', indexes=['pattern']) %}
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
                and weights.has_moved = {{ identity_weights__moved(field, fields) }}
        ), 0)
        {%- endfor %} as weight,
        {{ identity_ceiling(entity) }} as ceiling
    from (select distinct pattern from {{ candidates }}) as patterns
{% endcall %}
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
        {{ least_of([
            'patterns.weight + candidates.rarity', 'patterns.ceiling'
        ]) }} as weight,
        '' as decision
    from {{ candidates }} as candidates
    inner join step_patterns as patterns
        on candidates.pattern = patterns.pattern
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
        case decision when 'same' then 1000000 else -1000000 end as weight,
        decision
    from step_decided
) as weighed
inner join step_powers as powers
    on
        powers.centibits
        = {{ greatest_of([-4000, least_of([4000, 'weighed.weight'])]) }}
{%- endmacro %}
