-- The row rules broken by delivered form leads and list members.
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

    {{ broken_row_rules('marketing') }}

)

select * from final
