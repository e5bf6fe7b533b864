-- The quality of every lead on every day, and how it was matched.
-- Grain: one row per lead number and day.
{{ config(materialized='view') }}

with

snapshots as (

    select * from {{ ref('fct_lead_snapshots') }}

),

conversion as (

    select * from {{ ref('rpt_lead_conversion_daily') }}

),

final as (

    select
        snapshots.lead_uuid,
        snapshots.lead_number,
        snapshots.email_hash,
        snapshots.phone_hash,
        snapshots.city,
        snapshots.state,
        snapshots.zip,
        snapshots.appointment_at,
        snapshots.is_set,
        snapshots.is_set_repaired,
        snapshots.is_demo,
        coalesce(snapshots.disposition, snapshots.source_disposition)
            as disposition,
        snapshots.job_status,
        snapshots.source_location as location,
        coalesce(snapshots.is_set, false) as appointment_scheduled,
        coalesce(snapshots.is_set_repaired, false)
            as appointment_scheduled_repaired,
        coalesce(snapshots.is_demo, false) as demo_scheduled,
        snapshots.is_email_match as email_match,
        snapshots.is_phone_match as phone_match,
        snapshots.match_type,
        snapshots.phone_lead_uuid,
        snapshots.lead_quality_flag,
        snapshots.lead_quality_flag_repaired,
        conversion.conversion_rate,
        snapshots.extraction_date,
        snapshots.snapshot_date as partition_date,
        snapshots._row_id,
        snapshots._file_id
    from snapshots
    left join conversion
        on
            snapshots.snapshot_date = conversion.snapshot_date
            and snapshots.state = conversion.state
            and substr(snapshots.entry_date, 1, 7) = conversion.entry_month

)

select * from final
