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

    {{ broken_row_rules([
        ('snapshots', ref('stg_leads__snapshots'), 'lead_number',
            'lead_number'),
        ('backend', ref('stg_leads__backend'), 'lead_uuid', 'lead_uuid'),
    ]) }}

)

select * from final
