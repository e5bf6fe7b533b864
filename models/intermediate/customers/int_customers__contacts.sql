-- Contacts of the CRM, each with whom it is of, and whether and when its status
-- said that it was qualified.
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

qualifying as (

    select status from {{ ref('contact_statuses') }}
    where status_order >= 2

),

-- a golden record was qualified when the first of its records was
qualified as (

    select
        clustered.cluster_id as contact_id,
        min(history.valid_from) as qualified_at
    from {{ ref('dim_contacts_history') }} as history
    inner join qualifying on history.status = qualifying.status
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
        qualified.contact_id is not null as is_qualified,
        qualified.qualified_at,
        contacts._file_id
    from {{ ref('dim_contacts') }} as contacts
    left join records on 'contact:' || contacts.contact_id = records.record_id
    left join qualified on contacts.contact_id = qualified.contact_id

)

select * from final
