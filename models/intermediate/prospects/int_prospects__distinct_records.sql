-- What the registers delivered, each text once: a record that comes again
-- unchanged is not read again.
-- Grain: one row per register and distinct record.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key=['register', 'record'],
    merge_exclude_columns=['_row_id', '_file_id'],
    on_schema_change='fail',
) }}

with

final as (

    select
        register,
        record,
        min(_row_id) as _row_id,
        min(_file_id) as _file_id
    from {{ ref('stg_prospects__registers') }}
    where _file_id > {{ watermark() }}
    group by register, record

)

select * from final
