-- Which sources bring customers who pay? By where the first touch came from:
-- customers, how far they came, and what they brought, per currency. A customer
-- counts in the currency of its first deal or purchase.
with

funnel as (

    select * from {{ ref('rpt_funnel_by_source') }}

),

summed as (

    select
        first_source as source,
        currency_code as currency,
        sum(customer_count) as customers,
        sum(lead_count) as leads,
        sum(qualified_count) as qualified,
        sum(deal_count) as with_deal,
        sum(won_count) as won,
        sum(paid_count) as paid,
        sum(won_minor) as won_minor,
        sum(paid_minor) - sum(refunded_minor) as kept_minor
    from funnel
    group by first_source, currency_code

)

select
    source,
    coalesce(currency, 'none') as currency,
    customers,
    leads,
    qualified,
    with_deal,
    won,
    paid,
    round({{ conversion('paid', 'customers', '100.0') }}, 1) as paid_percent,
    {{ main_units('won_minor', 'currency') }} as won_amount,
    {{ main_units('kept_minor', 'currency') }} as kept_amount
from summed
order by customers desc, source asc, currency asc
