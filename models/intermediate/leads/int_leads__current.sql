-- Lead numbers as last listed; what a corrected list no longer holds is known
-- by its number alone.
-- Grain: one row per lead number.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='lead_number',
    indexes=[
        {'columns': ['lead_number'], 'unique': true},
        {'columns': ['record_number']},
        {'columns': ['touched_file_id']},
    ],
) }}
{%- set snapshots = ref('int_lead_snapshots__matched') %}
{%- set history = ref('dim_leads_history') %}

with

listed as (

    select
        lead_number,
        email_hash,
        phone_hash,
        city,
        state,
        zip,
        entry_date,
        latest_file_id,
        _row_id,
        _file_id
    from {{ history }}
    where is_current and latest_file_id > {{ watermark() }}

),

gone as (

    select
        lead_number,
        max(latest_file_id) as latest_file_id,
        max(_row_id) as _row_id,
        max(_file_id) as _file_id
    from {{ snapshots }}
    where
        row_status = 'superseded'
        and latest_file_id > {{ watermark() }}
        and lead_number not in (
            select present.lead_number from {{ history }} as present
        )
    group by lead_number

),

leads as (

    select * from listed
    union all
    select
        lead_number,
        null as email_hash,
        null as phone_hash,
        null as city,
        null as state,
        null as zip,
        null as entry_date,
        latest_file_id,
        _row_id,
        _file_id
    from gone

),

final as (

    select
        lead_number,
        (
            select min(records._row_id) as first_row_id
            from {{ snapshots }} as records
            where
                records.row_status in ('current', 'superseded', 'error')
                and records.lead_number = leads.lead_number
        ) as record_number,
        email_hash,
        phone_hash,
        city,
        state,
        zip,
        entry_date,
        entry_date as created_at,
        latest_file_id as touched_file_id,
        _row_id,
        _file_id
    from leads

)

select * from final
