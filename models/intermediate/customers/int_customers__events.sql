-- What happened with customers: leads, members of lists, accounts at shops,
-- contacts, activities, deals and what brought money, each with its person, and
-- with its organisation or that of the person.
-- Grain: one row per kind and record.
{{ config(materialized='view') }}

with

files as (

    select
        file_id,
        coalesce(system_name, source_name) as system_name
    from {{ ref('stg_ingest__files') }}

),

people as (

    select * from {{ ref('dim_people') }}

),

given as (

    select
        kind as event_kind,
        lead_id as record_id,
        person_id,
        organisation_id,
        created_at as occurred_at,
        lead_source,
        kind <> 'list' as is_lead,
        is_qualified,
        qualified_at,
        cast(null as text) as won_at,
        cast(null as boolean) as is_open,
        cast(null as boolean) as is_won,
        cast(null as text) as currency_code,
        cast(null as bigint) as amount_minor,
        cast(null as bigint) as amount_reporting_minor,
        false as is_purchase,
        _row_id,
        _file_id
    from {{ ref('int_customers__leads') }}

    union all

    select
        'contact' as event_kind,
        contact_id as record_id,
        person_id,
        cast(null as text) as organisation_id,
        created_at as occurred_at,
        lead_source,
        is_lead,
        is_qualified,
        qualified_at,
        cast(null as text) as won_at,
        cast(null as boolean) as is_open,
        cast(null as boolean) as is_won,
        cast(null as text) as currency_code,
        cast(null as bigint) as amount_minor,
        cast(null as bigint) as amount_reporting_minor,
        false as is_purchase,
        _row_id,
        _file_id
    from {{ ref('int_customers__contacts') }}

    union all

    select
        'account' as event_kind,
        shop_customer_id as record_id,
        person_id,
        organisation_id,
        created_at as occurred_at,
        cast(null as text) as lead_source,
        false as is_lead,
        false as is_qualified,
        cast(null as text) as qualified_at,
        cast(null as text) as won_at,
        cast(null as boolean) as is_open,
        cast(null as boolean) as is_won,
        cast(null as text) as currency_code,
        cast(null as bigint) as amount_minor,
        cast(null as bigint) as amount_reporting_minor,
        false as is_purchase,
        _row_id,
        _file_id
    from {{ ref('dim_shop_customers') }}

    union all

    select
        'activity' as event_kind,
        activity_id as record_id,
        person_id,
        organisation_id,
        occurred_at,
        cast(null as text) as lead_source,
        false as is_lead,
        false as is_qualified,
        cast(null as text) as qualified_at,
        cast(null as text) as won_at,
        cast(null as boolean) as is_open,
        cast(null as boolean) as is_won,
        cast(null as text) as currency_code,
        cast(null as bigint) as amount_minor,
        cast(null as bigint) as amount_reporting_minor,
        false as is_purchase,
        _row_id,
        _file_id
    from {{ ref('fct_activities') }}

    union all

    select
        'deal' as event_kind,
        opportunity_id as record_id,
        person_id,
        organisation_id,
        created_at as occurred_at,
        lead_source,
        false as is_lead,
        false as is_qualified,
        cast(null as text) as qualified_at,
        case
            when is_closed and is_won
                then actual_close_date || 'T00:00:00.000000Z'
        end as won_at,
        is_closed is not true as is_open,
        coalesce(is_closed and is_won, false) as is_won,
        currency_code,
        amount_minor,
        amount_reporting_minor,
        false as is_purchase,
        _row_id,
        _file_id
    from {{ ref('fct_opportunities') }}

    union all

    select
        kind as event_kind,
        source_id as record_id,
        person_id,
        organisation_id,
        occurred_at,
        cast(null as text) as lead_source,
        false as is_lead,
        false as is_qualified,
        cast(null as text) as qualified_at,
        cast(null as text) as won_at,
        cast(null as boolean) as is_open,
        cast(null as boolean) as is_won,
        currency_code,
        amount_minor,
        amount_reporting_minor,
        is_purchase,
        _row_id,
        _file_id
    from {{ ref('int_customers__revenue') }}

),

final as (

    select
        given.event_kind,
        given.record_id,
        given.person_id,
        coalesce(given.organisation_id, people.organisation_id)
            as organisation_id,
        given.occurred_at,
        files.system_name,
        given.lead_source,
        given.is_lead,
        given.is_qualified,
        given.qualified_at,
        given.won_at,
        given.is_open,
        given.is_won,
        given.currency_code,
        given.amount_minor,
        given.amount_reporting_minor,
        given.is_purchase,
        given._row_id,
        given._file_id
    from given
    left join people on given.person_id = people.person_id
    left join files on given._file_id = files.file_id

)

select * from final
