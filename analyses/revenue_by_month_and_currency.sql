-- What do we take, month by month? Orders that are sales, in the month in
-- which they were placed, and payments that no order is known for, such as
-- those of subscriptions. A payment for an order is not counted beside it.
with

orders as (

    select
        substr(ordered_at, 1, 7) as month,
        currency_code as currency,
        total_minor as order_minor,
        0 as payment_minor
    from {{ ref('fct_orders') }}
    where
        is_sale
        -- an order that another file reports as well
        and order_id not in (
            select reports.order_id
            from {{ ref('bridge_order_reports') }} as reports
            where reports.evidence <> 'delivered as a sale'
        )

),

payments as (

    select
        substr(created_at, 1, 7) as month,
        currency_code as currency,
        0 as order_minor,
        amount_minor as payment_minor
    from {{ ref('fct_payments') }}
    where
        payment_kind = 'payment'
        and coalesce(order_id, '') not in (
            select known.order_id from {{ ref('fct_orders') }} as known
        )
        -- an order of another system, by its number
        and coalesce(order_number, '') not in (
            select
                ltrim(coalesce(known.order_number, known.order_id), '#')
                    as order_number
            from {{ ref('fct_orders') }} as known
        )
        and payment_id not in (
            select bridged.payment_id
            from {{ ref('bridge_payment_orders') }} as bridged
        )

),

summed as (

    select
        month,
        currency,
        sum(order_minor) as order_minor,
        sum(payment_minor) as payment_minor
    from (
        select * from orders
        union all
        select * from payments
    ) as events
    group by month, currency

)

select
    coalesce(month, 'unknown') as month,
    coalesce(currency, 'unknown') as currency,
    {{ main_units('order_minor', 'currency') }} as orders,
    {{ main_units('payment_minor', 'currency') }} as other_payments,
    {{ main_units('(order_minor + payment_minor)', 'currency') }} as revenue
from summed
order by month, currency
