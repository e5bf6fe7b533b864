-- The row rules broken by delivered leads, one by one.
-- Grain: one row per record, rule and column.
{{ config(
    materialized='incremental',
    indexes=[
        {'columns': ['severity', 'table_name']},
        {'columns': ['_file_id']},
        {'columns': ['_row_id', 'table_name']},
    ],
) }}

with

final as (

    {{ broken_row_rules('leads') }}

)

select * from final
