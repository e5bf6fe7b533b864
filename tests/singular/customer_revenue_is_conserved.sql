-- Fails where what customers brought differs, in any month and currency, from
-- the money of orders, sales, payments and refunds, or from the totals that the
-- reports on customers are made of.
with

revenue as (

    select
        substr(occurred_at, 1, 7) as revenue_month,
        currency_code,
        case
            when kind in ('refund', 'chargeback') then 'given back'
            else kind
        end as kind,
        amount_minor
    from {{ ref('int_customers__revenue') }}

),

sold as (

    select order_id from {{ ref('fct_orders') }}
    where is_sale

),

as_sales as (

    select
        order_id,
        counted_id
    from {{ ref('bridge_order_reports') }}
    where evidence = 'delivered as a sale'

),

-- orders whose money is that of an order or a sale that counts
covered as (

    select order_id from sold
    union
    select order_id from as_sales
    union
    select reports.order_id
    from {{ ref('bridge_order_reports') }} as reports
    inner join sold on reports.counted_id = sold.order_id

),

links as (

    select
        payment_id,
        order_id
    from {{ ref('bridge_payment_orders') }}
    where not is_repeated

),

-- payments that count, and are of an order or a sale that counts as well
of_orders as (

    select payment_id from links
    where order_id is null or order_id in (select covered.order_id from covered)
    union
    select payments.payment_id
    from {{ ref('fct_payments') }} as payments
    inner join covered on payments.order_id = covered.order_id
    union
    select payments.payment_id
    from {{ ref('fct_payments') }} as payments
    inner join {{ ref('fct_sales') }} as sales
        on payments.order_number = sales.source_sale_id
    where sales.order_id is null and length(sales.source_sale_id) >= 8

),

compared as (

    select
        revenue_month,
        currency_code,
        kind,
        0 as expected_minor,
        amount_minor as found_minor
    from revenue

    union all

    select
        money_month as revenue_month,
        currency_code,
        'order' as kind,
        sold_minor as expected_minor,
        0 as found_minor
    from {{ ref('rpt_money_monthly') }}

    union all

    select
        money_month as revenue_month,
        currency_code,
        'given back' as kind,
        -refunded_minor as expected_minor,
        0 as found_minor
    from {{ ref('rpt_money_monthly') }}

    union all

    select
        money_month as revenue_month,
        currency_code,
        'payment' as kind,
        paid_minor as expected_minor,
        0 as found_minor
    from {{ ref('rpt_money_monthly') }}

    union all

    select
        substr(created_at, 1, 7) as revenue_month,
        currency_code,
        'payment' as kind,
        -amount_minor as expected_minor,
        0 as found_minor
    from {{ ref('fct_payments') }}
    where
        payment_kind = 'payment'
        and payment_id in (select of_orders.payment_id from of_orders)
        and payment_id not in (
            select repeated.payment_id
            from {{ ref('bridge_payment_orders') }} as repeated
            where repeated.is_repeated
        )

    union all

    select
        substr(sales_date, 1, 7) as revenue_month,
        currency_code,
        'sale' as kind,
        total_cost_minor as expected_minor,
        0 as found_minor
    from {{ ref('fct_sales') }}
    where
        order_id is null
        and sale_id not in (
            select as_sales.counted_id from as_sales
            where as_sales.order_id in (select sold.order_id from sold)
        )

    union all

    select
        cast(null as text) as revenue_month,
        currency_code,
        'totals' as kind,
        amount_minor as expected_minor,
        0 as found_minor
    from revenue

    union all

    select
        cast(null as text) as revenue_month,
        currency_code,
        'totals' as kind,
        0 as expected_minor,
        revenue_minor as found_minor
    from {{ ref('int_customers__totals') }}

)

select
    revenue_month,
    currency_code,
    kind,
    sum(expected_minor) as expected_minor,
    sum(found_minor) as found_minor
from compared
group by revenue_month, currency_code, kind
having coalesce(sum(expected_minor), 0) <> coalesce(sum(found_minor), 0)
