-- Appointments of leads, and by the lead's history what became of them.
-- Grain: one row per lead number and time of appointment.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='lead_number',
    indexes=[{'columns': ['lead_uuid']}, {'columns': ['appointment_at']}],
    post_hook="
        delete from {{ this }}
        where
            lead_number in (
                select gone.lead_number
                from {{ ref('int_lead_snapshots__matched') }} as gone
                where gone.row_status = 'superseded'
            )
            and (lead_number, appointment_at) not in (
                select
                    present.lead_number,
                    present.appointment_at
                from {{ ref('dim_leads_history') }} as present
                where present.appointment_at is not null
            )
    ",
) }}

with

versions as (

    select
        history.*,
        lead(history.version_number) over in_order as next_version_number,
        lead(history.appointment_at) over in_order as next_appointment_at
    from {{ ref('dim_leads_history') }} as history
    where history.latest_file_id > {{ watermark() }}
    window in_order as (
        partition by history.lead_number order by history.version_number
    )

),

spans as (

    select
        lead_number,
        appointment_at,
        min(valid_from) as first_seen_date,
        max(version_number) as last_version_number,
        max(case when is_demo then 1 else 0 end) as was_held
    from versions
    where appointment_at is not null
    group by lead_number, appointment_at

),

judged as (

    select
        spans.lead_number,
        spans.appointment_at,
        spans.first_seen_date,
        spans.was_held,
        last_version.lead_uuid,
        last_version.valid_to,
        last_version.disposition_group,
        last_version.next_version_number is not null as is_over,
        last_version.next_appointment_at
    from spans
    inner join versions as last_version
        on
            spans.lead_number = last_version.lead_number
            and spans.last_version_number = last_version.version_number

),

final as (

    select
        lead_number,
        appointment_at,
        lead_uuid,
        case
            when was_held = 1 then 'held'
            when is_over and next_appointment_at is not null
                then 'rescheduled'
            when is_over or disposition_group = 'cancelled' then 'cancelled'
            else 'scheduled'
        end as appointment_status,
        first_seen_date,
        case when is_over then valid_to end as ended_date,
        next_appointment_at
    from judged

)

select * from final
