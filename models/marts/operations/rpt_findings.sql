-- Every finding, and whether somebody has accepted it: by whom, why and until
-- when. By the day of the newest run of ingestion, so it needs no build.
-- Grain: one row per finding.
{{ config(materialized='view') }}

with

findings as (

    select * from {{ ref('fct_row_errors') }}

),

bridge as (

    select * from {{ ref('bridge_accepted_findings') }}

),

acceptances as (

    select * from {{ ref('int_operations__acceptances') }}

),

today as (

    select substr(max(started_at), 1, 10) as day
    from {{ ref('stg_ingest__batches') }}

),

final as (

    select
        findings.finding_id,
        findings.source_name,
        findings.table_name,
        findings.file_id,
        findings.file_name,
        findings.record,
        findings.line,
        findings.record_id,
        findings.rule,
        findings.severity,
        findings.quality_dimension,
        findings.is_error,
        findings.error_description,
        findings.column_name,
        findings.source_value,
        findings.row_status,
        findings.row_id,
        findings.occurrence_count,
        findings.loaded_at,
        findings.cause_finding_id,
        acceptances.seed_line is not null
        and (
            acceptances.accepted_until is null
            or acceptances.accepted_until >= today.day
        ) as is_accepted,
        acceptances.accepted_until,
        acceptances.accepted_by,
        acceptances.accepted_on,
        acceptances.reason as accepted_reason,
        acceptances.seed_line as accepted_line
    from findings
    cross join today
    left join bridge
        on findings.finding_id = bridge.finding_id and bridge.place = 1
    left join acceptances on bridge.seed_line = acceptances.seed_line

)

select * from final
