-- The quality of every lead as last seen.
-- Grain: one row per lead of the backend.
{{ config(materialized='view') }}

with

leads as (

    select * from {{ ref('dim_leads') }}

),

matching as (

    select * from {{ ref('rpt_lead_quality_matching') }}

),

-- found by the key, lead by lead; a left join would make the whole view first
last_seen as (

    select
        leads.lead_uuid as seen_lead_uuid,
        matching.*
    from leads
    inner join matching
        on
            leads.lead_number = matching.lead_number
            and leads.last_seen_date = matching.partition_date

),

newest as (

    select max(snapshot_date) as newest_date
    from {{ ref('fct_lead_snapshots') }}

),

final as (

    select
        leads.lead_uuid,
        leads.lead_number,
        leads.lead_number_count,
        leads.first_seen_date,
        leads.last_seen_date,
        leads.last_seen_date < newest.newest_date as has_aged_out,
        leads.city,
        leads.state,
        leads.zip,
        last_seen.appointment_at,
        last_seen.is_set,
        last_seen.is_set_repaired,
        last_seen.is_demo,
        last_seen.disposition,
        last_seen.job_status,
        last_seen.match_type,
        last_seen.lead_quality_flag,
        last_seen.lead_quality_flag_repaired,
        last_seen.conversion_rate
    from leads
    cross join newest
    left join last_seen on leads.lead_uuid = last_seen.seen_lead_uuid

)

select * from final
