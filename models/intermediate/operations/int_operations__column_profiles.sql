-- How full the columns of each file are, of every declared source.
-- Grain: one row per file and column.
{{ config(
    materialized='incremental',
    indexes=[{'columns': ['_file_id', 'column_name'], 'unique': true}],
) }}

with

files as (

    select file_id from {{ ref('stg_ingest__files') }}
    where status = 'landed' and file_id > {{ watermark() }}

),

counted as (

    {{ filled_counts() }}

),

final as (

    select
        counted._file_id,
        {{ json_value('counts.value', 'column') }} as column_name,
        counted.row_count,
        cast({{ json_value('counts.value', 'filled') }} as integer)
            as value_count
    from counted
    {{ json_elements('counted.counts', 'counts') }}
    where counted._file_id in (select files.file_id from files)

)

select * from final
