-- The row rules broken by delivered records, one by one.
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

    {{ broken_row_rules('crm') }}

)

select * from final
