-- Leads of the CRM with the version of the lead that each record stands for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='lead_id',
    indexes=[{'columns': ['_row_id'], 'unique': true}],
) }}
{%- set columns = {
    'lead_id': none,
    'company': none,
    'first_name': 'first_name',
    'last_name': 'last_name',
    'phone': 'phone',
    'mobile_phone': 'mobile_phone',
    'email': 'email',
    'street': 'street',
    'city': 'city',
    'zip': 'postal_code',
    'status': 'status',
    'name_key': none,
    'street_key': 'street',
    'is_deleted': 'is_deleted',
    '_findings': none,
} %}

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

files as (

    {{ delivered_files('prospects', 'salesforce_leads', columns.values()) }}

),

versioned as (

    {{ version_rows(
        'judged',
        key='lead_id',
        columns=columns,
        state=[
            'company',
            'first_name',
            'last_name',
            'phone',
            'mobile_phone',
            'email',
            'street',
            'city',
            'zip',
            cleaning.code_key('status'),
            'is_deleted',
        ],
        types={'is_deleted': 'boolean'},
    ) }}

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
