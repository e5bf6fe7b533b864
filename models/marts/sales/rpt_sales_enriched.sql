-- Sales with the names of what they refer to, for those who read files.
-- Grain: one row per sale.
{{ config(materialized='view') }}

with

final as (

    select
        sales.sale_id,
        substr(sales.sales_date, 1, 7) as sales_month,
        sales.sales_date,
        sales.store_id,
        stores.address as store_address,
        sales.customer_id,
        customers.full_name as customer_name,
        sales.product_id,
        products.product_name,
        sales.salesperson_id,
        salespeople.full_name as salesperson_name,
        salespeople.manager_name,
        sales.quantity,
        sales.currency_code,
        sales.price_cents,
        sales.price,
        sales.total_cost_cents,
        sales.total_cost,
        sales.total_cost_minor,
        sales.difference_cents,
        sales.source_name,
        sales.source_customer_id,
        sales.source_store_id,
        sales.source_salesperson_id,
        sales.source_product_name
    from {{ ref('fct_sales') }} as sales
    left join {{ ref('dim_customers') }} as customers
        on sales.customer_id = customers.customer_id
    left join {{ ref('dim_stores') }} as stores
        on sales.store_id = stores.store_id
    left join {{ ref('dim_products') }} as products
        on sales.product_id = products.product_id
    left join {{ ref('dim_salespeople') }} as salespeople
        on sales.salesperson_id = salespeople.salesperson_id

)

select * from final
