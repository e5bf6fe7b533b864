-- What each store sold on each day.
-- Grain: one row per day and store, as delivered.
{{ config(indexes=[{'columns': ['sales_month']}]) }}

with

final as (

    select
        {{ json_array_text(['sales_date', 'source_store_id']) }}
            as store_day_id,
        substr(sales_date, 1, 7) as sales_month,
        date_id,
        sales_date,
        store_id,
        count(*) as sale_count,
        count(distinct source_customer_id) as customer_count,
        coalesce(sum(quantity), 0) as quantity,
        coalesce(sum(total_cost_cents), 0) as total_cents,
        source_store_id
    from {{ ref('fct_sales') }}
    group by sales_date, date_id, store_id, source_store_id

)

select * from final
