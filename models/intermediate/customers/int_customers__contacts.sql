-- Contacts of the CRM, each with whom it is of, whether its status ever was
-- that of a lead, and whether and when it became that of a qualified one.
-- Grain: one row per contact.
{{ config(materialized='view') }}

with

records as (

    select
        record_id,
        person_id
    from {{ ref('bridge_people_records') }}
    where record_kind = 'contact'

),

statuses_of_records as (

    select
        history.contact_id as record_id,
        max(case when statuses.status_order = 1 then 1 else 0 end) as is_lead,
        max(case when statuses.status_order > 1 then 1 else 0 end)
            as is_qualified,
        {{ seen_since('statuses.status_order > 1', 'history.valid_from') }}
            as qualified_at
    from {{ ref('dim_contacts_history') }} as history
    left join {{ ref('contact_statuses') }} as statuses
        on history.status = statuses.status
    where history.status is not null
    group by history.contact_id

),

-- a golden record was qualified when the first of its records was, unless
-- nobody knows when another one was
statuses as (

    select
        clustered.cluster_id as contact_id,
        max(records.is_lead) as is_lead,
        max(records.is_qualified) as is_qualified,
        case
            when sum(records.is_qualified) = count(records.qualified_at)
                then min(records.qualified_at)
        end as qualified_at
    from statuses_of_records as records
    inner join {{ ref('int_contacts__clustered') }} as clustered
        on records.record_id = clustered.record_id
    group by clustered.cluster_id

),

final as (

    select
        contacts.contact_id,
        records.person_id,
        contacts.created_at,
        coalesce(contacts.lead_source, contacts.source_lead_source)
            as lead_source,
        coalesce(statuses.is_lead = 1, false) as is_lead,
        coalesce(statuses.is_qualified = 1, false) as is_qualified,
        statuses.qualified_at,
        contacts._row_id,
        contacts._file_id
    from {{ ref('dim_contacts') }} as contacts
    left join records on 'contact:' || contacts.contact_id = records.record_id
    left join statuses on contacts.contact_id = statuses.contact_id

)

select * from final
