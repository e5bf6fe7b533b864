-- The values of columns that hold few different ones, of every declared
-- source, by the first records of each file. Personal data are left out.
-- Grain: one row per file, column and value.
{{ config(
    materialized='incremental',
    indexes=[{
        'columns': ['_file_id', 'column_name', 'column_value'],
        'unique': true,
    }],
) }}
{#- Few: so many values at most, each in so many records on average. -#}
{%- set most_values = 30 %}
{%- set least_records_each = 5 %}

with

files as (

    select file_id from {{ ref('stg_ingest__files') }}
    where status = 'landed' and file_id > {{ watermark() }}

),

cells as (

    {{ sampled_cells() }}

),

counted as (

    select
        cells._file_id,
        cells.column_name,
        cells.column_value,
        count(*) as record_count
    from cells
    where cells._file_id in (select files.file_id from files)
    group by cells._file_id, cells.column_name, cells.column_value

),

weighed as (

    select
        *,
        count(*) over (partition by _file_id, column_name) as value_count,
        sum(record_count) over (partition by _file_id, column_name)
            as sampled_count
    from counted

),

final as (

    select
        _file_id,
        column_name,
        column_value,
        record_count,
        sampled_count
    from weighed
    where
        value_count <= {{ most_values }}
        and sampled_count >= {{ least_records_each }} * value_count

)

select * from final
