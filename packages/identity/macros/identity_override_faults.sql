{#-
    What is wrong with the lines of the seed identity_overrides: they name an
    entity, a decision or a record that there is not, or contradict others. One
    row per line and fault.
-#}
{% macro identity_override_faults(overrides, clusters) -%}
{%- set entities = clusters | list -%}
with

lines as (

    select *
    from ({{ identity.identity_decisions__lines(overrides) }}) as given
    {#- an empty line is nothing, and `later` decides nothing on purpose #}
    where
        coalesce(entity, record_id, other_record_id, decision, '') <> ''
        and coalesce(decision, '') <> 'later'

),

known as (

    {%- for entity in entities %}
    {{ 'union all' if not loop.first }}
    select
        '{{ entity }}' as entity,
        record_id,
        cluster_id
    from {{ clusters[entity] }}
    {%- endfor %}

),

named as (

    select
        lines.*,
        one.cluster_id,
        other.cluster_id as other_cluster_id,
        {{ cleaning.least_of(['lines.record_id', 'lines.other_record_id']) }}
            as first_id,
        {{ cleaning.greatest_of(['lines.record_id', 'lines.other_record_id']) }}
            as second_id,
        lines.entity in ('{{ entities | join("', '") }}') as is_entity_known,
        lines.decision in ('same', 'different') as is_decision_known
    from lines
    left join known as one
        on lines.entity = one.entity and lines.record_id = one.record_id
    left join known as other
        on
            lines.entity = other.entity
            and lines.other_record_id = other.record_id

),

ranked as (

    select
        named.*,
        {#- the decision that counts of those on the pair #}
        first_value(decision) over (
            partition by entity, first_id, second_id
            order by
                case when is_decision_known then 0 else 1 end,
                decided_on desc,
                decision
        ) as counting_decision
    from named

),

faults as (

    select ranked.*, 'entity unknown' as fault
    from ranked
    where coalesce(is_entity_known, 1 = 0) = (1 = 0)

    union all

    select ranked.*, 'decision unknown' as fault
    from ranked
    where coalesce(is_decision_known, 1 = 0) = (1 = 0)

    union all

    select ranked.*, 'record named twice' as fault
    from ranked
    where record_id = other_record_id

    union all

    select ranked.*, 'record unknown' as fault
    from ranked
    where is_entity_known and cluster_id is null

    union all

    select ranked.*, 'other record unknown' as fault
    from ranked
    where is_entity_known and other_cluster_id is null

    union all

    select ranked.*, 'day unreadable' as fault
    from ranked
    where is_day_unreadable

    union all

    select ranked.*, 'decided otherwise by another line' as fault
    from ranked
    where
        is_entity_known
        and is_decision_known
        and record_id <> other_record_id
        and decision <> counting_decision

    union all

    {#- a is b, b is c, and a is not c #}
    select ranked.*, 'other decisions contradict it' as fault
    from ranked
    where
        record_id <> other_record_id
        and decision = counting_decision
        and (
            (decision = 'same' and cluster_id <> other_cluster_id)
            or (decision = 'different' and cluster_id = other_cluster_id)
        )

)

select
    line || ' ' || fault as fault_id,
    line,
    entity,
    record_id,
    other_record_id,
    decision,
    fault
from faults
{%- endmacro %}
