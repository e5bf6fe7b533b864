{#-
    The weights as the decisions of people move them, a little. Of the pairs that
    were decided, and that the estimate is not sure of, so many should be one as
    their probabilities add up to; where more or fewer were, all weights move in
    common (which moves the threshold), and those of the findings of such pairs
    by themselves. It is the recalibration of Cox (1958) with a beta prior: the
    estimate counts as much as 200 decisions, in each finding as 1,000. No move
    is greater than the settings `most_shift` and `most_nudge`, and none makes
    agreement speak against a pair, or difference for it.

    Without decisions these are the weights as learned, to the digit.
-#}
{% macro identity_adjustments(
    entity, records, candidates, weights, overrides
) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set settings = identity.identity_settings(entity) -%}
{%- set full -%}
{{ identity.step_powers() }}
{% call identity.step_table('step_taught') %}
    {{ identity.identity_adjustments__taught(entity, records, candidates, overrides) }}
{% endcall %}
{{ identity.identity_pairs__patterns(entity, records, 'step_taught', weights) }}
{#- What a rule keeps apart teaches nothing, nor what is beyond doubt. #}
{% call identity.step_table('step_doubted') %}
    select pattern, is_same, weight
    from (
        select
            taught.pattern,
            case when taught.decision = 'same' then 1.0 else 0.0 end as is_same,
            {{ identity.identity_pairs__calibrated('(patterns.weight + taught.rarity)') }}
                as weight
        from step_taught as taught
        inner join step_patterns as patterns
            on taught.pattern = patterns.pattern
        where patterns.ceiling = {{ settings.certain }}
    ) as weighed
    where weight between -425 and 425
{% endcall %}
{% call identity.step_table('step_shift') %}
    select
        {{ identity.identity_adjustments__move(settings.most_shift) }} as shift
    from (
        select
            count(*) as pair_count,
            sum(is_same) as same_count,
            sum(powers.power / (1 + powers.power)) as expected_count,
            200.0 as prior_count
        from step_doubted as doubted
        inner join step_powers as powers on doubted.weight = powers.centibits
    ) as counted
{% endcall %}
{% call identity.step_table('step_nudges') %}
    select
        field,
        level,
        relation,
        has_moved,
        {{ identity.identity_adjustments__move(settings.most_nudge) }} as nudge
    from (
        select
            field,
            level,
            relation,
            has_moved,
            count(*) as pair_count,
            sum(is_same) as same_count,
            sum(powers.power / (1 + powers.power)) as expected_count,
            1000.0 as prior_count
        from (
            {%- for field in fields %}
            {{ 'union all' if not loop.first }}
            select
                '{{ field.name }}' as field,
                substr(pattern, {{ field.position }}, 1) as level,
                substr(pattern, 1, 1) as relation,
                {{ identity.identity_weights__moved(field, fields) }} as has_moved,
                is_same,
                weight + (select shift from step_shift) as weight
            from step_doubted
            {%- endfor %}
        ) as shown
        inner join step_powers as powers on shown.weight = powers.centibits
        group by field, level, relation, has_moved
    ) as counted
{% endcall %}
select
    weights.field,
    weights.level,
    weights.relation,
    weights.has_moved,
    case
        when weights.field = ''
            then weights.weight + (select shift from step_shift)
        when weights.weight > 0
            then {{ cleaning.greatest_of(['weights.weight + coalesce(nudges.nudge, 0)', 0]) }}
        when weights.weight < 0
            then {{ cleaning.least_of(['weights.weight + coalesce(nudges.nudge, 0)', 0]) }}
        else weights.weight
    end as weight,
    weights.weight as learned_weight
from {{ weights }} as weights
left join step_nudges as nudges
    on
        weights.field = nudges.field
        and weights.level = nudges.level
        and weights.relation = nudges.relation
        and weights.has_moved = nudges.has_moved
{%- endset -%}
{{ identity.steps(full, watch=identity.identity_adjustments__taught(
    entity, records, candidates, overrides) ~ ' order by 1, 2') }}
{%- endmacro %}


{#- The decided pairs that were compared. -#}
{% macro identity_adjustments__taught(
    entity, records, candidates, overrides
) -%}
select
    compared.record_a,
    compared.record_b,
    compared.pattern,
    compared.rarity,
    decisions.decision
from ({{ identity.identity_decisions(entity, records, overrides) }}) as decisions
inner join {{ candidates }} as compared
    on
        decisions.record_a = compared.record_a
        and decisions.record_b = compared.record_b
{%- endmacro %}


{#- By how much the odds of pairs that were decided differ from what was expected
    of them, with the expectation as a prior; no more than `most`. -#}
{% macro identity_adjustments__move(most) -%}
{%- set other_count = 'pair_count - same_count' -%}
{%- set unexpected_count = 'pair_count - expected_count' -%}
case
            when coalesce(pair_count, 0) = 0 then 0
            else {{ cleaning.greatest_of([-most, cleaning.least_of([most,
                identity.centibits_of(
                    '(same_count + prior_count * expected_count / pair_count)'
                    ~ ' / (' ~ other_count ~ ' + prior_count * ('
                    ~ unexpected_count ~ ') / pair_count)'
                ) ~ ' - ' ~ identity.centibits_of(
                    'expected_count / (' ~ unexpected_count ~ ')'
                )
            ])]) }}
        end
{%- endmacro %}
