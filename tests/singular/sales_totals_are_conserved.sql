-- Fails where sales or amounts differ, in any currency, between the records
-- that count and a mart: each sale once, with all its dirt.
with

counted_sales as (

    select
        sales.currency_code,
        sales.total_cost_cents,
        sales.total_cost_minor
    from {{ ref('int_sales__versioned') }} as sales
    left join {{ ref('int_sales__pairs') }} as pairs
        on sales._row_id = pairs._row_id
    where
        sales.row_status = 'current'
        and (pairs._row_id is null or pairs.kept_row_id = pairs._row_id)

),

counted as (

    select
        coalesce(currency_code, '') as currency_code,
        count(*) as sale_count,
        coalesce(sum(total_cost_cents), 0) as total_cents,
        coalesce(sum(total_cost_minor), 0) as total_minor
    from counted_sales
    group by coalesce(currency_code, '')

),

direct as (

    select
        coalesce(currency_code, '') as currency_code,
        count(*) as sale_count,
        coalesce(sum(total_cost_cents), 0) as total_cents,
        coalesce(sum(total_cost_minor), 0) as total_minor
    from {{ ref('fct_sales') }}
    where order_id is null
    group by coalesce(currency_code, '')

),

sold as (

    select
        coalesce(currency_code, '') as currency_code,
        count(*) as sale_count,
        coalesce(sum(total_cost_cents), 0) as total_cents,
        coalesce(sum(total_cost_minor), 0) as total_minor
    from {{ ref('fct_sales') }}
    group by coalesce(currency_code, '')

),

{% set marts = [
    'rpt_customer_monthly_sales', 'rpt_sales_team_monthly',
    'rpt_sales_daily', 'rpt_product_monthly',
] -%}
marts as (

    select
        'fct_sales' as mart,
        direct.*
    from direct
    {%- for mart in marts %}
    union all
    select
        '{{ mart }}' as mart,
        coalesce(currency_code, '') as currency_code,
        coalesce(sum(sale_count), 0) as sale_count,
        coalesce(sum(total_cents), 0) as total_cents,
        coalesce(sum(total_minor), 0) as total_minor
    from {{ ref(mart) }}
    group by coalesce(currency_code, '')
    {%- endfor %}

),

expected as (

    select
        'fct_sales' as mart,
        counted.*
    from counted
    {%- for mart in marts %}
    union all
    select
        '{{ mart }}' as mart,
        sold.*
    from sold
    {%- endfor %}

)

select
    expected.mart,
    expected.currency_code,
    expected.sale_count,
    marts.sale_count as found_count,
    expected.total_minor,
    marts.total_minor as found_minor
from expected
left join marts
    on
        expected.mart = marts.mart
        and expected.currency_code = marts.currency_code
where
    marts.mart is null
    or marts.sale_count <> expected.sale_count
    or marts.total_cents <> expected.total_cents
    or marts.total_minor <> expected.total_minor

union all

select
    marts.mart,
    marts.currency_code,
    0 as sale_count,
    marts.sale_count as found_count,
    0 as total_minor,
    marts.total_minor as found_minor
from marts
left join expected
    on
        marts.mart = expected.mart
        and marts.currency_code = expected.currency_code
where expected.mart is null
