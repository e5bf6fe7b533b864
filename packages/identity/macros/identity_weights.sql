{#-
    How much each finding of a comparison weighs, estimated from the records
    themselves (the model of Fellegi and Sunter): `match_share` is how often
    records of one person show it, `other_share` how often those of two do, and
    the weight is the logarithm of their ratio, in centibits.

    Nobody says which pairs are one person, so both are learned by expectation
    maximization: weights give how likely each pair is one, and the pairs, each
    counted as far as it is, give the weights. The former share is learned from
    the candidates; the latter from random pairs and, as colleagues and
    relatives share much without being one person, from random pairs of one
    firm or one last name.
-#}
{% macro identity_weights(entity, records, values, candidates) -%}
{%- set fields = identity.identity_fields(entity) -%}
{{ identity.step_powers() }}
{{ identity.identity_sample(entity, records, values, candidates) }}
{{ identity.identity_dependence(entity, records, values) }}
{{ identity.identity_findings(entity, values) }}
{% call identity.step_repeat(until='select 1 from step_weights as weights
    inner join step_before as before on weights.finding = before.finding
    where abs(weights.weight - before.weight) > 1 limit 1', is_estimate=true) %}
{{ identity.identity_weights__expected() }}
{{ identity.identity_dependence__learned(entity) }}
{% call identity.step_table('step_before', indexes=['finding']) %}
    select finding, weight from step_weights
{% endcall %}
{{ identity.identity_weights__learned(entity) }}
{% endcall %}
select
    field,
    level,
    relation,
    has_moved,
    {{ cleaning.rounded_to('match_share', 9) }} as match_share,
    {{ cleaning.rounded_to('other_share', 9) }} as other_share,
    weight
from step_weights
union all
{#- what a pair weighs before it is compared #}
select
    '' as field,
    '' as level,
    '' as relation,
    1 = 0 as has_moved,
    {{ cleaning.rounded_to('match_share', 9) }} as match_share,
    {{ cleaning.rounded_to('1 - match_share', 9) }} as other_share,
    centibits as weight
from step_odds
{%- endmacro %}


{#- Whether a pattern shows that the firm changed: with it changes much. -#}
{% macro identity_weights__moved(field, fields, pattern='pattern') -%}
{%- set firms = identity.identity_fields__firms(fields) -%}
{%- if field.moves and firms -%}
(substr({{ pattern }}, {{ firms[0].position }}, 1) = 'd')
{%- else -%}
(1 = 0)
{%- endif -%}
{%- endmacro %}


{#- How many pairs of each finding are one person, and how many are two. -#}
{% macro identity_weights__expected() -%}
{% call identity.step_table('step_expected', indexes=['pattern_number']) %}
    select
        scored.pattern_number,
        scored.origin,
        case
            when scored.is_doubtful then 0
            else scored.pair_count * powers.power / (1 + powers.power)
        end as match_count,
        scored.pair_count / (1 + powers.power) as other_count
    from (
        select
            patterns.pattern_number,
            patterns.origin,
            patterns.pair_count,
            patterns.is_doubtful,
            {{ cleaning.greatest_of([-4000, cleaning.least_of([4000, 'cast('
                ~ 'odds.centibits + patterns.rarity + shown.weight'
                ~ ' as integer)'])]) }} as weight
        from (
            select
                shown.pattern_number,
                sum(weights.weight) as weight
            from step_shown as shown
            inner join step_weights as weights
                on shown.finding = weights.finding
            group by shown.pattern_number
        ) as shown
        inner join step_patterns as patterns
            on shown.pattern_number = patterns.pattern_number
        cross join step_odds as odds
    ) as scored
    inner join step_powers as powers on scored.weight = powers.centibits
{% endcall %}
{% call identity.step_table('step_counted', indexes=['finding']) %}
    select
        shown.finding,
        sum(case when expected.origin = 'candidate' then match_count else 0 end)
            as match_count,
        sum(case when expected.origin = 'random' then other_count else 0 end)
            as other_count,
        sum(case when expected.origin = 'related' then other_count else 0 end)
            as related_count,
        sum(case when expected.origin = 'namesake' then other_count else 0 end)
            as namesake_count
    from step_expected as expected
    inner join step_shown as shown
        on expected.pattern_number = shown.pattern_number
    group by shown.finding
{% endcall %}
{% call identity.step_table('step_odds') %}
    {{ identity.identity_weights__odds(
        '(select sum(match_count) from step_expected'
        ~ " where origin = 'candidate') * size.candidates_of"
    ) }}
{% endcall %}
{%- endmacro %}


{#- How likely any two records are one person, from how many pairs are; among a
    handful of records as unlikely as among fifty. -#}
{% macro identity_weights__odds(matches) -%}
select
    share as match_share,
    {{ identity.centibits_of('share / (1 - share)') }} as centibits
from (
    select
        (1 + coalesce({{ matches }}, 0))
        / (1000 + size.record_count * (size.record_count - 1) / 2.0) as share
    from step_size as size
) as learned
{%- endmacro %}


{#-
    The weights from what was counted; where little was, from what is expected,
    which stands for 30 pairs of one person and 100 of two.
-#}
{% macro identity_weights__learned(entity) -%}
{%- set fields = identity.identity_fields(entity) -%}
{% call identity.step_table('step_weights', indexes=['finding']) %}
    select
        weighed.*,
        case
            when fixed_weight is not null then fixed_weight
            {%- if identity.identity_dependence__applies(entity) %}
            when field = 'last_name' and level = 'e' and relation = '-'
                then match_centibits - (select centibits from step_dependence)
            {%- endif %}
            {#- the rarity of the value says how rare it is to agree #}
            when is_by_rarity then match_centibits
            {#- to agree never speaks against, to differ never for a pair #}
            when level in ('e', 'g')
                then {{ cleaning.greatest_of(['match_centibits - other_centibits', 0]) }}
            when level = 'd'
                {%- if identity.identity_fields__firms(fields) %}
                {#- the firm is compared by itself #}
                or level = 'o'
                {%- endif %}
                then {{ cleaning.least_of(['match_centibits - other_centibits', 0]) }}
            {#- a slip in a rare name is rare #}
            else match_centibits - other_centibits + chance
        end as weight
    from (
    select
        shares.*,
        {{ identity.centibits_of('match_share') }} as match_centibits,
        {{ identity.centibits_of('other_share') }} as other_centibits
    from (
    {#- No file says that one person mostly has two birthdays. #}
    select
        learned.*,
        case
            when level = 'd' and match_found > most_expected then most_expected
            else match_found
        end as match_share
    from (
        select
            findings.finding,
            findings.field,
            findings.level,
            findings.relation,
            findings.has_moved,
            findings.is_by_rarity,
            findings.chance,
            findings.fixed_weight,
            {{ cleaning.least_of(['2.5 * findings.match_expected', '0.8']) }}
                as most_expected,
            (
                30 * findings.match_expected
                + sum(coalesce(counted.match_count, 0)) over (
                    partition by
                        findings.field, findings.level, findings.has_moved
                )
            ) / (
                30
                + sum(coalesce(counted.match_count, 0)) over (
                    partition by findings.field, findings.has_moved
                )
            ) as match_found,
            case when findings.learned_from = 'namesake' then (
                100 * findings.other_expected
                + sum(coalesce(counted.namesake_count, 0)) over (
                    partition by findings.field, findings.level
                )
            ) / (
                100
                + sum(coalesce(counted.namesake_count, 0)) over (
                    partition by findings.field
                )
            ) else (
                100 * findings.other_expected
                + sum(coalesce(
                    case when findings.learned_from = 'random'
                        then counted.other_count
                    else counted.related_count end, 0
                )) over (
                    partition by
                        findings.field, findings.level, findings.learned_from
                )
            ) / (
                100
                + sum(coalesce(
                    case when findings.learned_from = 'random'
                        then counted.other_count
                    else counted.related_count end, 0
                )) over (
                    partition by findings.field, findings.learned_from
                )
            ) end as other_share
        from step_findings as findings
        left join step_counted as counted
            on findings.finding = counted.finding
    ) as learned
    ) as shares
    ) as weighed
{% endcall %}
{%- endmacro %}
