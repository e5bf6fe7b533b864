-- Records that could not be read, as text.
-- Grain: one row per rejected record.
{{ config(materialized='view') }}

with

source as (

    select * from {{ source('ingest', 'ingest_rejects') }}

),

final as (

    select
        ---------- ids
        reject_id,
        file_id,

        ---------- text
        reason,
        raw_text,

        ---------- place in the file
        record,
        first_line,
        last_line
    from source

)

select * from final
