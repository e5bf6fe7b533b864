-- The row rules broken by delivered sales and by what they refer to.
-- Grain: one row per record, rule and column.
{{ config(
    materialized='incremental',
    indexes=[
        {'columns': ['severity', 'table_name']},
        {'columns': ['_file_id']},
    ],
) }}

with

final as (

    {{ broken_row_rules('sales') }}

)

select * from final
