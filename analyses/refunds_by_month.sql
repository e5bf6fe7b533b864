-- How much do we give back? Refunds by month and currency, each counted once
-- however many files report it; those that no file dates are in the month
-- `unknown`. One that leads to no order counts beside those of shops: see
-- `is_unlinked` of fct_refunds.
with

refunds as (

    select
        coalesce(substr(refunded_at, 1, 7), 'unknown') as month,
        currency_code as currency,
        sum(case when refund_kind = 'refund' then 1 else 0 end)
            as refund_count,
        sum(case when refund_kind = 'refund' then amount_minor else 0 end)
            as refunded_minor,
        sum(case when refund_kind <> 'refund' then amount_minor else 0 end)
            as charged_back_minor
    from {{ ref('fct_refunds') }}
    group by coalesce(substr(refunded_at, 1, 7), 'unknown'), currency_code

)

select
    month,
    coalesce(currency, 'unknown') as currency,
    refund_count,
    {{ main_units('refunded_minor', 'currency') }} as refunded,
    {{ main_units('charged_back_minor', 'currency') }} as charged_back
from refunds
order by month, currency
