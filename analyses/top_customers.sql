-- Who are our best customers? Orders that are sales and payments without an
-- order by the e-mail address of the buyer, less refunds; the ten best of each
-- currency, and whether a CRM knows them.
with

orders as (

    select * from {{ ref('fct_orders') }}

),

payments as (

    select * from {{ ref('fct_payments') }}

),

-- credit notes, which have numbers of their own
credits as (

    select
        order_id,
        max(email) as email
    from {{ ref('fct_order_lines') }}
    where is_refund
    group by order_id

),

events as (

    select
        email,
        currency_code,
        total_minor as taken_minor,
        0 as refunded_minor
    from orders
    where
        is_sale
        and order_id not in (
            select reports.order_id
            from {{ ref('bridge_order_reports') }} as reports
            where reports.evidence <> 'delivered as a sale'
        )

    union all

    select
        email,
        currency_code,
        amount_minor as taken_minor,
        0 as refunded_minor
    from payments
    where
        payment_kind = 'payment'
        and order_id is null
        and payment_id not in (
            select bridged.payment_id
            from {{ ref('bridge_payment_orders') }} as bridged
        )

    union all

    select
        coalesce(orders.email, payments.email, credits.email) as email,
        refunds.currency_code,
        0 as taken_minor,
        refunds.amount_minor as refunded_minor
    from {{ ref('fct_refunds') }} as refunds
    left join orders on refunds.order_id = orders.order_id
    left join payments on refunds.payment_id = payments.payment_id
    left join credits on refunds.order_id = credits.order_id

),

customers as (

    select
        email,
        currency_code as currency,
        sum(taken_minor) as taken_minor,
        sum(refunded_minor) as refunded_minor,
        sum(taken_minor) - sum(refunded_minor) as kept_minor
    from events
    where email is not null
    group by email, currency_code

),

ranked as (

    select
        *,
        row_number() over (
            partition by currency order by kept_minor desc, email asc
        ) as customer_rank
    from customers

),

contacts as (

    select
        email,
        min(contact_id) as contact_id,
        min(company_id) as company_id
    from {{ ref('dim_contacts') }}
    where email is not null
    group by email

)

select
    ranked.currency,
    ranked.customer_rank,
    ranked.email,
    contacts.contact_id,
    contacts.company_id,
    {{ main_units('ranked.taken_minor', 'ranked.currency') }} as taken,
    {{ main_units('ranked.refunded_minor', 'ranked.currency') }} as refunded,
    {{ main_units('ranked.kept_minor', 'ranked.currency') }} as kept
from ranked
left join contacts on ranked.email = contacts.email
where ranked.customer_rank <= 10
order by ranked.currency, ranked.customer_rank
