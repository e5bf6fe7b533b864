-- Why records of contacts were merged: of each pair that was compared, the
-- probability, and field by field what agreed, how rare it is and how much it
-- weighed.
-- Grain: one row per pair of records of one contact, and field.
{{ config(materialized='view') }}

with

merged as (

    select
        one.cluster_id as contact_id,
        one.record_id as contact_record_id,
        other.record_id as other_contact_record_id,
        pairs.record_a,
        pairs.record_b,
        pairs.pattern,
        pairs.probability,
        pairs.decision
    from {{ ref('int_contacts__paired') }} as pairs
    inner join {{ ref('int_contacts__clustered') }} as one
        on pairs.record_a = one.record_number
    inner join {{ ref('int_contacts__clustered') }} as other
        on pairs.record_b = other.record_number
    where one.cluster_id = other.cluster_id

),

compared as (

    {{ identity_evidence(
        'contacts',
        'merged',
        ref('int_contacts__normalized'),
        ref('int_contacts__counted'),
        ref('int_contacts__weighted'),
        keep=[
            'contact_id',
            'contact_record_id',
            'other_contact_record_id',
            'probability',
        ],
    ) }}

),

decided as (

    select
        merged.contact_id,
        merged.contact_record_id,
        merged.other_contact_record_id,
        merged.probability,
        'decision' as field,
        overrides.decided_by as value,
        overrides.decided_on as other_value,
        'decided: ' || overrides.reason as finding,
        cast(null as integer) as value_count,
        cast(null as integer) as of_count,
        cast(null as integer) as weight
    from merged
    inner join {{ ref('identity_overrides') }} as overrides
        on
            overrides.entity = 'contacts'
            and merged.decision = overrides.decision
            and (
                (
                    merged.contact_record_id = overrides.record_id
                    and merged.other_contact_record_id
                    = overrides.other_record_id
                )
                or (
                    merged.other_contact_record_id = overrides.record_id
                    and merged.contact_record_id = overrides.other_record_id
                )
            )

),

final as (

    select
        contact_id,
        contact_record_id,
        other_contact_record_id,
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
                then finding || ' (' || value || ', ' || other_value || ')'
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
                || ' one person, '
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
