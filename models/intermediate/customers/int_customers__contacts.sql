-- Contacts of the CRM, each with whom it is of, whether its status ever was
-- that of a lead, and whether and when it was that of a qualified one.
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

-- a golden record was qualified when the first of its records was
statuses as (

    select
        clustered.cluster_id as contact_id,
        max(case when statuses.status_order = 1 then 1 else 0 end) as is_lead,
        min(case when statuses.status_order > 1 then history.valid_from end)
            as qualified_at
    from {{ ref('dim_contacts_history') }} as history
    inner join {{ ref('contact_statuses') }} as statuses
        on history.status = statuses.status
    inner join {{ ref('int_contacts__clustered') }} as clustered
        on history.contact_id = clustered.record_id
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
        statuses.qualified_at is not null as is_qualified,
        statuses.qualified_at,
        contacts._file_id
    from {{ ref('dim_contacts') }} as contacts
    left join records on 'contact:' || contacts.contact_id = records.record_id
    left join statuses on contacts.contact_id = statuses.contact_id

)

select * from final
