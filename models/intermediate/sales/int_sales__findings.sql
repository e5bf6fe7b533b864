-- What is wrong with sales and with what they refer to: the row rules they
-- break, and the rules that need other rows. Reads the marts: it judges what
-- users see.
-- Grain: one row per record, rule and column.
{{ config(materialized='view') }}
{#- findings about orders are those of their source -#}
{%- set direct_sales -%}
(select * from {{ ref('fct_sales') }} where order_id is null) as direct_sales
{%- endset %}

with

row_states as (

    {{ row_states('sales') }}

),

unknown_references as (

    {{ unknown_values('reference_unknown', [
        ['transactions', direct_sales, 'source_sale_id',
            'customer_id', 'source_customer_id', 'customer_id'],
        ['transactions', direct_sales, 'source_sale_id',
            'store_id', 'source_store_id', 'store_id'],
        ['transactions', direct_sales, 'source_sale_id',
            'salesperson_id', 'source_salesperson_id', 'sales_person_id'],
        ['salespeople', ref('dim_salespeople'), 'salesperson_id',
            'manager_id', 'source_manager_id', 'manager_id'],
    ]) }}

),

-- a sale that is not the first of its number has its source with it
numbered as (

    select
        source_sale_id,
        _row_id,
        count(*) over (partition by source_sale_id) as sale_count
    from {{ ref('fct_sales') }}
    where
        source_sale_id in (
            select later.source_sale_id from {{ ref('fct_sales') }} as later
            where later.source_sale_id <> later.sale_id
        )

),

shared_numbers as (

    select
        'transactions' as table_name,
        source_sale_id as record_id,
        'sale_number_shared' as rule,
        'id' as column_name,
        source_sale_id as source_value,
        _row_id
    from numbered
    where sale_count > 1

),

-- lines that came under a name for which others had come before
added_lines as (

    select
        _file_id,
        count(*) as line_count,
        sum(
            case when row_status = 'unchanged' then 1 else 0 end
        ) as known_count
    from {{ ref('int_sales__versioned') }}
    where delivery_number > 1 and row_status in ('current', 'unchanged')
    group by _file_id

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

    select * from shared_numbers

    union all

    select
        'transactions' as table_name,
        null as record_id,
        'product_not_in_catalogue' as rule,
        'product_name' as column_name,
        products.product_name as source_value,
        products._row_id
    from {{ ref('dim_products') }} as products
    inner join {{ ref('int_sales__versioned') }} as sales
        on
            products._row_id = sales._row_id
            and products.product_id = sales.product_id
    where not products.is_in_catalogue

),

final as (

    {{ placed_findings('sales', 'findings', 'row_states') }}

    union all

    {{ picture_findings('sales', sales_entities()) }}

    union all

    select
        'sales:file:' || _file_id || ':file_name_repeated:file' as finding_id,
        _file_id as file_id,
        null as record,
        null as line,
        null as record_id,
        'file_name_repeated' as rule,
        'file' as column_name,
        known_count || ' of ' || line_count || ' lines are known'
            as source_value,
        null as row_status,
        null as row_id
    from added_lines
    where known_count < line_count

)

select * from final
