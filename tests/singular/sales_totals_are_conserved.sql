-- Fails where sales or cents differ between the records that count and a mart:
-- each sale once, with all its dirt.
with

counted as (

    select
        count(*) as sale_count,
        coalesce(sum(sales.total_cost_cents), 0) as total_cents
    from {{ ref('int_sales__versioned') }} as sales
    left join {{ ref('int_sales__pairs') }} as pairs
        on sales._row_id = pairs._row_id
    where
        sales.row_status = 'current'
        and (pairs._row_id is null or pairs.kept_row_id = pairs._row_id)

),

marts as (

    select
        'fct_sales' as mart,
        count(*) as sale_count,
        coalesce(sum(total_cost_cents), 0) as total_cents
    from {{ ref('fct_sales') }}
    {%- for mart in [
        'rpt_customer_monthly_sales', 'rpt_sales_team_monthly',
        'rpt_sales_daily', 'rpt_product_monthly',
    ] %}
    union all
    select
        '{{ mart }}' as mart,
        coalesce(sum(sale_count), 0) as sale_count,
        coalesce(sum(total_cents), 0) as total_cents
    from {{ ref(mart) }}
    {%- endfor %}

)

select
    marts.mart,
    marts.sale_count,
    marts.total_cents,
    counted.sale_count as sales_that_count,
    counted.total_cents as cents_that_count
from marts
cross join counted
where
    marts.sale_count <> counted.sale_count
    or marts.total_cents <> counted.total_cents
