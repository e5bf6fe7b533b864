-- The delivery ledger for everyone. Small, so every run compares all of it.
-- Grain: one row per file met with.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='file_id',
) }}

with

files as (

    select * from {{ ref('stg_ingest__files') }}

),

final as (

    select
        file_id,
        batch_id,
        repaired_by_file_id,
        source_name,
        table_name,
        instance_name,
        system_name,
        shape_name,
        id_scope,
        file_name,
        status,
        reason,
        cut_reason,
        set_apart,
        notes,
        delivered_at,
        loaded_at,
        amended_at,
        record_count,
        landed_count,
        rejected_count,
        separator_count,
        extra_columns,
        missing_columns,
        renamed_columns,
        byte_count,
        content_hash,
        archived_as
    from files

)

select * from final
