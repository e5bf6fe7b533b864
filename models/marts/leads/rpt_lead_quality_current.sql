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
        matching.appointment_at,
        matching.is_set,
        matching.is_set_repaired,
        matching.is_demo,
        matching.disposition,
        matching.job_status,
        matching.match_type,
        matching.lead_quality_flag,
        matching.lead_quality_flag_repaired,
        matching.conversion_rate
    from leads
    cross join newest
    left join matching
        on
            leads.lead_number = matching.lead_number
            and leads.last_seen_date = matching.partition_date

)

select * from final
