-- Is enough in the pipeline for each product? Coverage is the open amount per
-- unit sold so far, because no quotas are delivered; weighted is more sober,
-- and empty where a deal has no probability. No sum mixes currencies: one row
-- each.
with

opportunities as (

    select
        product,
        is_closed,
        is_won,
        probability,
        coalesce(currency_code, 'unknown') as currency,
        amount_cents
    from {{ ref('fct_opportunities') }}

),

totals as (

    select
        product,
        currency,
        sum(case when is_closed is not true then 1 else 0 end)
            as open_count,
        sum(case when is_closed is not true then amount_cents else 0 end)
            as open_cents,
        {{ weighted_sum(
            'case when is_closed is not true then '
            ~ weighted_amount('amount_cents', 'probability') ~ ' end',
            'case when is_closed is not true then amount_cents end'
        ) }} as weighted_cents,
        sum(case when is_closed and is_won then amount_cents else 0 end)
            as won_cents
    from opportunities
    group by product, currency

)

select
    coalesce(product, 'unknown') as product,
    currency,
    open_count,
    coalesce(open_cents, 0) / 100.0 as open_amount,
    weighted_cents / 100.0 as weighted_amount,
    coalesce(won_cents, 0) / 100.0 as won_amount,
    round(1.0 * open_cents / nullif(won_cents, 0), 2) as coverage
from totals
order by currency asc, open_cents desc
