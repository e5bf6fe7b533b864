-- What was sold of each product in each month, against the month before.
-- Grain: one row per product and month.
{{ config(indexes=[{'columns': ['sales_month']}]) }}

with

monthly as (

    select
        substr(sales_date, 1, 7) as sales_month,
        product_id,
        count(*) as sale_count,
        coalesce(sum(quantity), 0) as quantity,
        coalesce(sum(total_cost_cents), 0) as total_cents
    from {{ ref('fct_sales') }}
    group by substr(sales_date, 1, 7), product_id

),

numbered as (

    select
        *,
        cast(substr(sales_month, 1, 4) as integer) * 12
        + cast(substr(sales_month, 6, 2) as integer) as month_number
    from monthly

),

compared as (

    select
        *,
        case
            when lag(month_number) over by_month = month_number - 1
                then lag(total_cents) over by_month
        end as previous_month_cents
    from numbered
    window by_month as (partition by product_id order by month_number)

),

final as (

    select
        {{ json_array_text(['compared.sales_month', 'compared.product_id']) }}
            as product_month_id,
        compared.sales_month,
        compared.product_id,
        products.product_name,
        compared.sale_count,
        compared.quantity,
        compared.total_cents,
        compared.previous_month_cents,
        compared.total_cents - compared.previous_month_cents as growth_cents,
        case
            when compared.previous_month_cents > 0
                then
                    1.0 * (compared.total_cents - compared.previous_month_cents)
                    / compared.previous_month_cents
        end as growth_rate
    from compared
    left join {{ ref('dim_products') }} as products
        on compared.product_id = products.product_id

)

select * from final
