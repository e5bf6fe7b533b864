-- The delivery ledger.
-- Grain: one row per file met with.
{{ config(materialized='view') }}

with

source as (

    select * from {{ source('ingest', 'ingest_files') }}

),

final as (

    select
        ---------- ids
        file_id,
        batch_id,
        repaired_by as repaired_by_file_id,

        ---------- text
        source_name,
        table_name,
        coalesce(instance_name, source_name) as instance_name,
        system_name,
        shape_name,
        id_scope,
        notation,
        file_name,
        name_dates,
        status,
        reason,
        cut_reason,
        set_apart,
        faults,
        notes,
        content_hash,
        archived_as,
        extra_columns,
        missing_columns,
        renamed_columns,

        ---------- measures
        byte_count,
        record_count,
        landed_count,
        rejected_count,
        separator_count,

        ---------- timestamps
        delivered_at,
        loaded_at,
        amended_at
    from source

)

select * from final
