{#-
    Why records were merged: of each pair of one golden record that was
    compared, the probability, and field by field what agreed, how rare it is
    and how much it weighed, in a sentence too. One row per pair and field.
      entity     as under vars: identity:
      id         name of the column with the golden record's identifier
      record_id  name of the column with a record's; the other's begins with
                 other_
      what       whom a golden record stands for, in words
-#}
{% macro identity_merges(
    entity, id, record_id, records, values, weights, pairs, clusters, overrides,
    what='person'
) -%}
with

merged as (

    select
        one.cluster_id as {{ id }},
        one.record_id as {{ record_id }},
        other.record_id as other_{{ record_id }},
        pairs.record_a,
        pairs.record_b,
        pairs.pattern,
        pairs.probability,
        pairs.decision
    from {{ pairs }} as pairs
    inner join {{ clusters }} as one
        on pairs.record_a = one.record_number
    inner join {{ clusters }} as other
        on pairs.record_b = other.record_number
    where one.cluster_id = other.cluster_id

),

compared as (

    {{ identity.identity_evidence(
        entity,
        'merged',
        records,
        values,
        weights,
        keep=[id, record_id, 'other_' ~ record_id, 'probability'],
    ) }}

),

decided as (

    select
        merged.{{ id }},
        merged.{{ record_id }},
        merged.other_{{ record_id }},
        merged.probability,
        'decision' as field,
        decisions.decided_by as value,
        decisions.decided_on as other_value,
        'decided: ' || coalesce(decisions.reason, '') as finding,
        cast(null as integer) as value_count,
        cast(null as integer) as of_count,
        cast(null as integer) as weight
    from merged
    inner join (
        {{ identity.identity_decisions(
            entity,
            records,
            overrides,
            declared=true
        ) }}
    ) as decisions
        on
            merged.record_a = decisions.record_a
            and merged.record_b = decisions.record_b
    where merged.decision <> ''

),

final as (

    select
        {{ id }},
        {{ record_id }},
        other_{{ record_id }},
        probability,
        field,
        value,
        other_value,
        finding,
        value_count,
        of_count,
        weight / 100.0 as weight_bits,
        case
            when field = 'decision'
                then
                    finding || ' (' || coalesce(value, '') || ', '
                    || other_value || ')'
            else
                replace(field, '_', ' ') || ' ' || finding || ' ('
                || coalesce(value, 'missing')
                || case
                    when value <> other_value then ' / ' || other_value
                    else ''
                end
                || coalesce(
                    ', held by ' || value_count || ' of ' || of_count, ''
                )
                || '): speaks '
                || case when weight < 0 then 'against' else 'for' end
                || ' one {{ what }}, '
                || case
                    when abs(weight) < 100 then 'hardly'
                    when abs(weight) < 400 then 'a little'
                    when abs(weight) < 900 then 'clearly'
                    else 'strongly'
                end
        end as explanation
    from (
        select * from compared
        union all
        select * from decided
    ) as evidence

)

select * from final
{%- endmacro %}
