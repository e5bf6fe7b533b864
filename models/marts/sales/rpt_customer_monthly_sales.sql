-- What each customer bought in each month.
-- Grain: one row per customer, as delivered, month and currency.
{#- Nearly as many rows as there are sales: as a table it would cost more. -#}
{{ config(materialized='view') }}

with

monthly as (

    select
        substr(sales_date, 1, 7) as sales_month,
        customer_id,
        source_customer_id,
        currency_code,
        count(*) as sale_count,
        {{ total_hundredths('total_cost_cents', 'currency_code') }}
            as total_cents,
        coalesce(sum(total_cost_minor), 0) as total_minor
    from {{ ref('fct_sales') }}
    group by
        substr(sales_date, 1, 7), customer_id, source_customer_id, currency_code

),

final as (

    select
        case
            when monthly.customer_id = monthly.source_customer_id
                then {{ group_key(
                    ['monthly.sales_month', 'monthly.source_customer_id'],
                    'monthly.currency_code'
                ) }}
            -- always four, or an unknown customer is like an unknown currency
            else {{ json_array_text([
                'monthly.sales_month', 'monthly.source_customer_id',
                'monthly.customer_id', 'monthly.currency_code',
            ]) }}
        end as customer_month_id,
        monthly.sales_month,
        monthly.customer_id,
        customers.full_name,
        customers.address,
        customers.postal_code,
        customers.phone,
        monthly.sale_count,
        monthly.currency_code,
        monthly.total_cents,
        {{ main_units('monthly.total_minor', 'monthly.currency_code') }}
            as total,
        monthly.total_minor,
        monthly.source_customer_id
    from monthly
    left join {{ ref('dim_customers') }} as customers
        on monthly.customer_id = customers.customer_id

)

select * from final
