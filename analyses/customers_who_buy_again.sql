-- Do customers buy again? By month and currency of their first purchase: how
-- many there are, the share that bought again in the first, third and sixth
-- month after it, and what they have brought since.
with

cohorts as (

    select * from {{ ref('rpt_customer_cohorts') }}
    where cohort_month is not null

),

summed as (

    select
        cohort_month,
        currency_code as currency,
        max(customer_count) as customers,
        {% for month in [1, 3, 6] -%}
        max(case when months_since = {{ month }} then retention end)
            as share_after_{{ month }},
        {% endfor -%}
        sum(revenue_minor) as revenue_minor
    from cohorts
    group by cohort_month, currency_code

)

select
    cohort_month,
    coalesce(currency, 'unknown') as currency,
    customers,
    {% for month in [1, 3, 6] -%}
    round(100 * share_after_{{ month }}, 1) as percent_after_{{ month }},
    {% endfor -%}
    {{ main_units('revenue_minor', 'currency') }} as revenue
from summed
order by cohort_month, currency
