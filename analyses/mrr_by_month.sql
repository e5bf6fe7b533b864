-- How does the monthly recurring revenue move? What subscriptions brought in
-- at the start of the month, what came, grew, shrank, went and came back, and
-- at its end. One row per month and currency.
select
    mrr_month as month,
    currency_code as currency,
    opening,
    new,
    expansion,
    contraction,
    churn,
    reactivation,
    closing
from {{ ref('rpt_mrr_monthly') }}
order by month, currency
