-- What the daily lists say: every lead on every day, matched to the backend.
-- Grain: one row per lead number and day.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key=['lead_number', 'snapshot_date'],
    indexes=[
        {'columns': ['snapshot_date']},
        {'columns': ['lead_uuid', 'snapshot_date']},
        {'columns': ['_row_id']},
    ],
    post_hook="
        delete from {{ this }}
        where
            _row_id in (
                select replaced._row_id
                from {{ ref('int_lead_snapshots__matched') }} as replaced
                where replaced.row_status = 'superseded'
            )
    ",
) }}

with

snapshots as (

    select * from {{ ref('int_lead_snapshots__matched') }}
    where row_status = 'current' and latest_file_id > {{ watermark() }}

),

leads as (

    select * from {{ ref('dim_leads') }}

),

final as (

    select
        snapshots.lead_number,
        snapshots.snapshot_date,
        snapshots.extraction_date,
        leads.lead_uuid,
        snapshots.phone_lead_uuid,
        snapshots.match_type,
        snapshots.is_email_match,
        snapshots.is_phone_match,
        snapshots.email_hash,
        snapshots.phone_hash,
        snapshots.city,
        snapshots.state,
        snapshots.state_origin,
        snapshots.zip,
        snapshots.entry_date,
        snapshots.appointment_at,
        snapshots.is_set,
        snapshots.is_set_repaired,
        snapshots.is_demo,
        snapshots.disposition,
        snapshots.disposition_group,
        snapshots.is_sold,
        snapshots.job_status,
        snapshots.lead_quality_flag,
        snapshots.lead_quality_flag_repaired,
        snapshots.source_state,
        snapshots.source_location,
        snapshots.source_disposition,
        snapshots._row_id,
        snapshots._file_id
    from snapshots
    left join leads on snapshots.lead_uuid = leads.lead_uuid

)

select * from final
