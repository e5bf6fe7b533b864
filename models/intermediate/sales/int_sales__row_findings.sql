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

    {{ broken_row_rules([
        ('transactions', ref('stg_sales__transactions'), 'source_sale_id',
            'id'),
        ('customers', ref('stg_sales__customers'), 'customer_id', 'id'),
        ('products', ref('stg_sales__products'), 'product_id', 'name'),
        ('stores', ref('stg_sales__stores'), 'store_id', 'id'),
        ('salespeople', ref('stg_sales__salespeople'), 'salesperson_id', 'id'),
    ]) }}

)

select * from final
