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

    {{ broken_row_rules([
        ('companies', ref('stg_crm__companies'), 'company_id', 'id'),
        ('contacts', ref('stg_crm__contacts'), 'contact_id', 'id'),
        ('opportunities', ref('stg_crm__opportunities'), 'opportunity_id',
            'id'),
        ('activities', ref('stg_crm__activities'), 'activity_id', 'id'),
    ]) }}

)

select * from final
