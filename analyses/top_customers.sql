-- Who are our best customers? Orders that are sales and payments without an
-- order by person, and by address where nobody is known, less refunds; the ten
-- best of each currency, and whether a CRM knows them.
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
        person_id,
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
        person_id,
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
        coalesce(orders.person_id, payments.person_id) as person_id,
        coalesce(orders.email, payments.email, credits.email) as email,
        refunds.currency_code,
        0 as taken_minor,
        refunds.amount_minor as refunded_minor
    from {{ ref('fct_refunds') }} as refunds
    left join orders on refunds.order_id = orders.order_id
    left join payments on refunds.payment_id = payments.payment_id
    left join credits on refunds.order_id = credits.order_id

),

-- addresses of one person, for what names nobody else
addresses as (

    select
        lower(email) as address,
        min(person_id) as person_id
    from events
    where email is not null and person_id is not null
    group by lower(email)
    having min(person_id) = max(person_id)

),

named as (

    select
        coalesce(events.person_id, addresses.person_id) as person_id,
        case
            when coalesce(events.person_id, addresses.person_id) is null
                then lower(events.email)
        end as address,
        events.currency_code as currency,
        events.taken_minor,
        events.refunded_minor
    from events
    left join addresses on lower(events.email) = addresses.address

),

customers as (

    select
        person_id,
        address,
        currency,
        sum(taken_minor) as taken_minor,
        sum(refunded_minor) as refunded_minor,
        sum(taken_minor) - sum(refunded_minor) as kept_minor
    from named
    where person_id is not null or address is not null
    group by person_id, address, currency

),

ranked as (

    select
        *,
        row_number() over (
            partition by currency
            order by kept_minor desc, coalesce(person_id, address) asc
        ) as customer_rank
    from customers

),

contacts as (

    select
        records.person_id,
        min(contacts.contact_id) as contact_id,
        min(contacts.company_id) as company_id
    from {{ ref('bridge_people_records') }} as records
    inner join {{ ref('dim_contacts') }} as contacts
        on records.record_id = 'contact:' || contacts.contact_id
    where records.record_kind = 'contact'
    group by records.person_id

)

select
    ranked.currency,
    ranked.customer_rank,
    ranked.person_id,
    people.full_name as customer_name,
    coalesce(people.email, ranked.address) as email,
    contacts.contact_id,
    contacts.company_id,
    {{ main_units('ranked.taken_minor', 'ranked.currency') }} as taken,
    {{ main_units('ranked.refunded_minor', 'ranked.currency') }} as refunded,
    {{ main_units('ranked.kept_minor', 'ranked.currency') }} as kept
from ranked
left join {{ ref('dim_people') }} as people
    on ranked.person_id = people.person_id
left join contacts on ranked.person_id = contacts.person_id
where ranked.customer_rank <= 10
order by ranked.currency, ranked.customer_rank
