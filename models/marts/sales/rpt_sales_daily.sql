-- What each store sold on each day.
-- Grain: one row per day, store, as delivered, and currency.
{{ config(indexes=[{'columns': ['sales_month']}]) }}

with

final as (

    select
        {{ group_key(['sales_date', 'source_store_id'], 'currency_code') }}
            as store_day_id,
        substr(sales_date, 1, 7) as sales_month,
        date_id,
        sales_date,
        store_id,
        count(*) as sale_count,
        count(distinct source_customer_id) as customer_count,
        coalesce(sum(quantity), 0) as quantity,
        currency_code,
        {{ total_hundredths('total_cost_cents', 'currency_code') }}
            as total_cents,
        {{ main_units('coalesce(sum(total_cost_minor), 0)', 'currency_code') }}
            as total,
        coalesce(sum(total_cost_minor), 0) as total_minor,
        source_store_id
    from {{ ref('fct_sales') }}
    group by sales_date, date_id, store_id, source_store_id, currency_code

)

select * from final
