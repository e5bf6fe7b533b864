-- The headers of each file of a register: those of its first record, for all
-- records of a file have the same.
-- Grain: one row per file and header.
{{ config(
    materialized='incremental',
    indexes=[{'columns': ['_file_id']}],
) }}

with

files as (

    select
        _file_id,
        min(_row_id) as _row_id
    from {{ ref('stg_prospects__registers') }}
    where _file_id > {{ watermark() }}
    group by _file_id

),

final as (

    select
        files._file_id,
        first_records.register,
        name.key as header,
        {{ header_key('name.key') }} as header_key
    from files
    inner join {{ ref('stg_prospects__registers') }} as first_records
        on files._row_id = first_records._row_id
    {{ json_keys('first_records.record', 'name') }}

)

select * from final
