-- What has been accepted, what that is about today, and lines that accept
-- nothing.
-- Grain: one row per line of accepted_findings.
{{ config(materialized='view') }}

with

acceptances as (

    select * from {{ ref('int_operations__acceptances') }}

),

bridge as (

    select * from {{ ref('bridge_accepted_findings') }}

),

today as (

    select substr(max(started_at), 1, 10) as day
    from {{ ref('stg_ingest__batches') }}

),

counted as (

    select
        seed_line,
        count(*) as finding_count
    from bridge
    group by seed_line

),

final as (

    select
        acceptances.seed_line,
        acceptances.rule,
        acceptances.source_name,
        acceptances.table_name,
        acceptances.column_name,
        acceptances.record_id,
        acceptances.source_value,
        acceptances.file_name,
        acceptances.record,
        acceptances.accepted_until,
        acceptances.accepted_by,
        acceptances.accepted_on,
        acceptances.reason,
        coalesce(acceptances.accepted_until < today.day, 1 = 0) as is_expired,
        coalesce(counted.finding_count, 0) as finding_count
    from acceptances
    cross join today
    left join counted on acceptances.seed_line = counted.seed_line

)

select * from final
