-- Leads of every kind, each with whom it is of and whether it was qualified: as
-- the status of its system says, by conversion, or, in the call centre, by an
-- appointment. A change between versions alone gives the time. Members of lists
-- are beside them; tests of forms are left out.
-- Grain: one row per kind and lead.
{{ config(materialized='view') }}

with

qualified_words as (

    select source_value from {{ ref('int_crm__codes') }}
    where lookup = 'contact_status' and code in ('Qualified', 'Customer')

),

-- leads of a CRM that ever were qualified
qualified_leads as (

    select
        lead_id,
        {{ seen_since('is_qualified') }} as qualified_at
    from (
        select
            versions.lead_id,
            versions.valid_from,
            coalesce(versions.is_converted, false)
            or versions.source_converted_contact_id is not null
            or coalesce({{ cleaning.code_key('versions.status') }} in (
                select qualified_words.source_value from qualified_words
            ), false) as is_qualified
        from {{ ref('int_crm_leads__versioned') }} as versions
        where
            versions.row_status in ('current', 'superseded')
            and (
                versions.status is not null
                or versions.is_converted is not null
                or versions.source_converted_contact_id is not null
            )
    ) as versions
    group by lead_id
    having max(case when is_qualified then 1 else 0 end) = 1

),

-- the numbers of the call centre, each with what became of it
numbers as (

    select
        lead_number,
        -- a text for SQLite, which indexes no column of an unknown type
        cast(max(case when is_current then lead_uuid end) as text)
            as lead_uuid,
        min(entry_date) as entry_date,
        min(valid_from) as first_seen_date,
        max(
            case
                when is_set_repaired or is_demo or has_been_sold then 1 else 0
            end
        ) as is_qualified,
        {{ seen_since('is_set_repaired or is_demo or has_been_sold') }}
            as qualified_date,
        max(case when is_current then _row_id end) as _row_id,
        max(case when is_current then _file_id end) as _file_id
    from {{ ref('dim_leads_history') }}
    group by lead_number

),

qualified_calls as (

    select
        lead_uuid,
        case
            when count(*) = count(qualified_date) then min(qualified_date)
        end as qualified_date
    from numbers
    where lead_uuid is not null and is_qualified = 1
    group by lead_uuid

),

-- leads beside the registers have no date of entry
prospects as (

    select
        lead_id,
        min(valid_from) as first_seen_at,
        max(case when is_qualified then 1 else 0 end) as is_qualified,
        {{ seen_since('is_qualified', 'known_from') }} as qualified_at,
        max(case when row_status = 'current' then abs(_row_id) end) as _row_id,
        max(case when row_status = 'current' then _file_id end) as _file_id
    from (
        select
            versions.*,
            case when versions.status is not null then versions.valid_from end
                as known_from,
            {{ cleaning.code_key('versions.status') }} in (
                select qualified_words.source_value from qualified_words
            ) as is_qualified
        from {{ ref('int_salesforce_leads__versioned') }} as versions
        where versions.row_status in ('current', 'superseded')
    ) as versions
    group by lead_id
    having
        max(
            case
                when row_status = 'current' and coalesce(is_deleted, false)
                    then 1
                else 0
            end
        ) = 0

),

records as (

    select
        record_id,
        person_id
    from {{ ref('bridge_people_records') }}
    where record_kind in ('call_centre', 'backend', 'prospect_lead')

),

leads as (

    select
        leads.kind,
        leads.lead_id,
        leads.person_id,
        leads.organisation_id,
        leads.created_at,
        leads.lead_source,
        leads.kind = 'crm_lead' and (
            leads.is_converted or qualified_leads.lead_id is not null
        ) as is_qualified,
        qualified_leads.qualified_at,
        leads._row_id,
        leads._file_id
    from {{ ref('fct_leads') }} as leads
    left join qualified_leads
        on
            leads.kind = 'crm_lead'
            and leads.lead_id = qualified_leads.lead_id
    where leads.kind in ('crm_lead', 'list')

    union all

    select
        'form_lead' as kind,
        lead_id,
        person_id,
        organisation_id,
        submitted_at as created_at,
        coalesce(source_name, platform) as lead_source,
        {{ cleaning.code_key('source_status') }} in (
            select qualified_words.source_value from qualified_words
        ) as is_qualified,
        cast(null as text) as qualified_at,
        _row_id,
        _file_id
    from {{ ref('fct_form_leads') }}
    where not is_test

    union all

    select
        'prospect_lead' as kind,
        prospects.lead_id,
        records.person_id,
        cast(null as text) as organisation_id,
        prospects.first_seen_at as created_at,
        cast(null as text) as lead_source,
        prospects.is_qualified = 1 as is_qualified,
        prospects.qualified_at,
        prospects._row_id,
        prospects._file_id
    from prospects
    left join records
        on 'prospect_lead:' || prospects.lead_id = records.record_id

    union all

    select
        'call_centre' as kind,
        leads.lead_uuid as lead_id,
        records.person_id,
        cast(null as text) as organisation_id,
        coalesce(leads.entry_date, leads.first_seen_date)
        || 'T00:00:00.000000Z' as created_at,
        cast(null as text) as lead_source,
        calls.lead_uuid is not null as is_qualified,
        calls.qualified_date || 'T00:00:00.000000Z' as qualified_at,
        leads._row_id,
        leads._file_id
    from {{ ref('dim_leads') }} as leads
    left join qualified_calls as calls on leads.lead_uuid = calls.lead_uuid
    left join records on 'backend:' || leads.lead_uuid = records.record_id

    union all

    -- a number that the backend does not know
    select
        'call_centre' as kind,
        'number:' || numbers.lead_number as lead_id,
        records.person_id,
        cast(null as text) as organisation_id,
        coalesce(numbers.entry_date, numbers.first_seen_date)
        || 'T00:00:00.000000Z' as created_at,
        cast(null as text) as lead_source,
        numbers.is_qualified = 1 as is_qualified,
        numbers.qualified_date || 'T00:00:00.000000Z' as qualified_at,
        numbers._row_id,
        numbers._file_id
    from numbers
    left join records
        on 'call_centre:' || numbers.lead_number = records.record_id
    where numbers.lead_uuid is null

),

final as (

    select
        kind,
        lead_id,
        person_id,
        organisation_id,
        created_at,
        lead_source,
        coalesce(is_qualified, false) as is_qualified,
        qualified_at,
        _row_id,
        _file_id
    from leads

)

select * from final
