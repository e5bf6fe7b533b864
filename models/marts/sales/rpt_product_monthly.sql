-- What was sold of each product in each month, against the month before.
-- Grain: one row per product, month and currency.
{{ config(indexes=[{'columns': ['sales_month']}]) }}
{%- set one = cleaning.as_double('1.0') %}

with

monthly as (

    select
        substr(sales_date, 1, 7) as sales_month,
        product_id,
        currency_code,
        count(*) as sale_count,
        coalesce(sum(quantity), 0) as quantity,
        {{ total_hundredths('total_cost_cents', 'currency_code') }}
            as total_cents,
        coalesce(sum(total_cost_minor), 0) as total_minor
    from {{ ref('fct_sales') }}
    group by substr(sales_date, 1, 7), product_id, currency_code

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
        end as previous_month_cents,
        case
            when lag(month_number) over by_month = month_number - 1
                then lag(total_minor) over by_month
        end as previous_month_minor
    from numbered
    window by_month as (
        partition by product_id, currency_code order by month_number
    )

),

final as (

    select
        {{ group_key(
            ['compared.sales_month', 'compared.product_id'],
            'compared.currency_code'
        ) }} as product_month_id,
        compared.sales_month,
        compared.product_id,
        products.product_name,
        compared.sale_count,
        compared.quantity,
        compared.currency_code,
        compared.total_cents,
        {{ main_units('compared.total_minor', 'compared.currency_code') }}
            as total,
        compared.total_minor,
        compared.previous_month_cents,
        compared.previous_month_minor,
        compared.total_cents - compared.previous_month_cents as growth_cents,
        {{ main_units(
            'compared.total_minor - compared.previous_month_minor',
            'compared.currency_code'
        ) }} as growth,
        compared.total_minor - compared.previous_month_minor as growth_minor,
        case
            when compared.previous_month_minor > 0
                then
                    {{ one }}
                    * (compared.total_minor - compared.previous_month_minor)
                    / compared.previous_month_minor
        end as growth_rate
    from compared
    left join {{ ref('dim_products') }} as products
        on compared.product_id = products.product_id

)

select * from final
