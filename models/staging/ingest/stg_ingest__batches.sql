-- Runs of ingestion.
-- Grain: one row per run.
{{ config(materialized='view') }}

with

source as (

    select * from {{ source('ingest', 'ingest_batches') }}

),

final as (

    select
        ---------- ids
        batch_id,

        ---------- text
        status,

        ---------- measures
        seen_file_count,
        landed_file_count,
        refused_file_count,
        skipped_file_count,
        record_count,
        landed_count,
        rejected_count,
        separator_count,

        ---------- timestamps
        started_at,
        finished_at
    from source

)

select * from final
