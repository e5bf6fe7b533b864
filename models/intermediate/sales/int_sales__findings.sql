-- What is wrong with sales and with what they refer to: the row rules they
-- break, and the rules that need other rows. Reads the marts: it judges what
-- users see.
-- Grain: one row per record, rule and column.
{{ config(materialized='view') }}

with

row_states as (

    {{ row_states('sales') }}

),

unknown_references as (

    {{ unknown_values('reference_unknown', [
        ['transactions', ref('fct_sales'), 'source_sale_id',
            'customer_id', 'source_customer_id', 'customer_id'],
        ['transactions', ref('fct_sales'), 'source_sale_id',
            'store_id', 'source_store_id', 'store_id'],
        ['transactions', ref('fct_sales'), 'source_sale_id',
            'salesperson_id', 'source_salesperson_id', 'sales_person_id'],
        ['salespeople', ref('dim_salespeople'), 'salesperson_id',
            'manager_id', 'source_manager_id', 'manager_id'],
    ]) }}

),

findings as (

    select
        table_name,
        record_id,
        rule,
        column_name,
        source_value,
        _row_id
    from {{ ref('int_sales__row_findings') }}

    union all

    -- a list has a rule of its own
    select * from unknown_references
    where not {{ is_list('source_value') }}

    union all

    select
        'transactions' as table_name,
        null as record_id,
        'product_not_in_catalogue' as rule,
        'product_name' as column_name,
        product_name as source_value,
        _row_id
    from {{ ref('dim_products') }}
    where not is_in_catalogue

),

final as (

    {{ placed_findings('sales', 'findings', 'row_states') }}

)

select * from final
