-- The row rules broken by what shop and payment systems deliver.
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

    {{ broken_row_rules('commerce') }}

)

select * from final
