-- The mapping of each delivered file: which of its headers fills what.
-- Grain: one row per file and row of the mapping seed.
{{ config(
    materialized='incremental',
    indexes=[{'columns': ['_file_id']}],
) }}
{%- set positions = range(1, register_inputs() + 1) %}

with

headers as (

    select * from {{ ref('int_prospects__file_headers') }}
    where _file_id > {{ watermark() }}

),

files as (

    select distinct
        _file_id,
        register
    from headers

),

mappings as (

    select * from {{ ref('register_mappings') }}

),

inputs as (

    {% for position in positions -%}
    {{ 'union all' if not loop.first }}
    select
        register,
        target_column,
        source_columns,
        {{ position }} as position,
        {{ list_item('source_columns', ';', position) }} as source_column
    from mappings
    where {{ list_item('source_columns', ';', position) }} is not null
    {% endfor %}

),

options as (

    {% for preference in range(1, 6) -%}
    {{ 'union all' if not loop.first }}
    select
        register,
        target_column,
        source_columns,
        position,
        {{ preference }} as preference,
        {{ header_key(list_item('source_column', '|', preference)) }}
            as header_key
    from inputs
    where {{ list_item('source_column', '|', preference) }} is not null
    {% endfor %}

),

found as (

    select
        files._file_id,
        options.target_column,
        options.source_columns,
        options.position,
        headers.header,
        row_number() over (
            partition by
                files._file_id,
                options.target_column,
                options.source_columns,
                options.position
            order by options.preference, headers.header
        ) as choice
    from files
    inner join options on files.register = options.register
    inner join headers
        on
            files._file_id = headers._file_id
            and options.header_key = headers.header_key

),

final as (

    select
        files._file_id,
        files.register,
        mappings.target_column,
        mappings.source_columns,
        mappings.transform,
        mappings.arguments,
        {%- for position in positions %}
        max(
            case
                when found.position = {{ position }}
                    then '$."' || found.header || '"'
            end
        ) as path_{{ position }}{{ ',' if not loop.last }}
        {%- endfor %}
    from files
    inner join mappings on files.register = mappings.register
    left join found
        on
            files._file_id = found._file_id
            and mappings.target_column = found.target_column
            and mappings.source_columns = found.source_columns
            and found.choice = 1
    group by
        files._file_id,
        files.register,
        mappings.target_column,
        mappings.source_columns,
        mappings.transform,
        mappings.arguments

)

select * from final
