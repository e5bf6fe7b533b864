-- Leads of the CRM with the version of the lead that each record stands for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='lead_id',
    indexes=[{'columns': ['_row_id'], 'unique': true}],
) }}

with

delivered as (

    {{ touched_rows(ref('stg_prospects__salesforce_leads'), 'lead_id') }}

),

judged as (

    select
        *,
        lead_id is null as is_error
    from delivered

),

versioned as (

    {{ version_rows('judged', key='lead_id', state=[
        'company', 'first_name', 'last_name', 'phone', 'mobile_phone',
        'email', 'street', 'city', 'zip', 'status', 'is_deleted',
    ]) }}

),

final as (

    select
        lead_id,
        company,
        first_name,
        last_name,
        phone,
        mobile_phone,
        email,
        street,
        city,
        zip,
        status,
        name_key,
        street_key,
        is_deleted,
        row_status,
        latest_file_id,
        _findings,
        _row_id,
        _file_id,
        _record,
        _line
    from versioned

)

select * from final
