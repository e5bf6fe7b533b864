-- What is in the pipeline, and when should it close? Open deals by stage and
-- month; weighted is the amount times the sales person's own probability,
-- and empty where a deal has none. No sum mixes currencies: one row each.
with

opportunities as (

    select * from {{ ref('fct_opportunities') }}

),

stages as (

    select * from {{ ref('opportunity_stages') }}

)

select
    coalesce(opportunities.stage, 'unknown') as stage,
    coalesce(substr(opportunities.close_date, 1, 7), 'unknown')
        as close_month,
    coalesce(opportunities.currency_code, 'unknown') as currency,
    count(*) as deal_count,
    coalesce(sum(opportunities.amount_cents), 0) / 100.0 as amount,
    {{ weighted_sum(
        weighted_amount(
            'opportunities.amount_cents', 'opportunities.probability'
        ),
        'opportunities.amount_cents'
    ) }} / 100.0 as weighted_amount
from opportunities
left join stages on opportunities.stage = stages.stage
where opportunities.is_closed is not true
group by
    opportunities.stage,
    stages.stage_order,
    close_month,
    opportunities.currency_code
order by stages.stage_order nulls last, close_month, currency
