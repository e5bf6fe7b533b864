-- What is wrong with the mapping of a register: it stops the register, until the
-- seed is put right or a file has the columns.
-- Grain: one row per row of the mapping seed whose register was delivered.
{%- set positions = range(1, register_inputs() + 1) %}

with

file_mappings as (

    select * from {{ ref('int_prospects__file_mappings') }}

),

inputs as (

    {% for position in positions -%}
    {{ 'union all' if not loop.first }}
    select
        register,
        target_column,
        source_columns,
        transform,
        {{ list_item('source_columns', ';', position) }} as source_column,
        min(case when path_{{ position }} is not null then _file_id end)
            as first_file_id,
        max(_file_id) as latest_file_id
    from file_mappings
    where {{ list_item('source_columns', ';', position) }} is not null
    group by
        register,
        target_column,
        source_columns,
        transform
    {% endfor %}

),

mappings as (

    select
        register,
        target_column,
        source_columns,
        transform,
        max(latest_file_id) as latest_file_id,
        max(first_file_id) as ready_file_id,
        max(case when first_file_id is null then source_column end)
            as unknown_column,
        count(*) over (partition by register, target_column) as use_count
    from inputs
    group by
        register,
        target_column,
        source_columns,
        transform

),

final as (

    select
        register,
        target_column,
        source_columns,
        transform,
        'register_mappings: ' || register || ', ' || target_column || ', '
        || source_columns || ', ' || transform as seed_row,
        case
            when
                target_column not in (
                    '-', '{{ register_targets() | join("', '") }}'
                )
                then 'mapping_target_unknown'
            when target_column <> '-' and use_count > 1
                then 'mapping_target_repeated'
            when
                transform not in (
                    '{{ register_transforms() | join("', '") }}'
                )
                then 'mapping_transform_unknown'
            when unknown_column is not null then 'mapping_column_unknown'
        end as rule,
        unknown_column,
        ready_file_id,
        latest_file_id
    from mappings

)

select * from final
