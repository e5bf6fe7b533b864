-- The runs of ingestion for everyone. Small, so every run compares all of it.
-- Grain: one row per run of ingestion.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='batch_id',
) }}

with

batches as (

    select * from {{ ref('stg_ingest__batches') }}

),

final as (

    select
        batch_id,
        started_at,
        finished_at,
        status,
        seen_file_count,
        landed_file_count,
        refused_file_count,
        skipped_file_count,
        record_count,
        landed_count,
        rejected_count,
        separator_count
    from batches

)

select * from final
