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
    where is_sale

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
        and order_id is null
        and order_number is null

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
