-- What is in the pipeline, and when should it close? Open deals by stage and
-- month; weighted is the amount times the sales person's own probability.
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
    count(*) as deal_count,
    -- no sum mixes currencies: in another one are
    sum(case when opportunities.source_amount is null then 0 else 1 end)
        as other_currency_count,
    coalesce(sum(
        case
            when opportunities.source_amount is null
                then opportunities.amount_cents
        end
    ), 0) / 100.0 as amount,
    round(
        coalesce(
            sum(
                case
                    when opportunities.source_amount is null
                        then
                            opportunities.amount_cents
                            * opportunities.probability
                end
            ), 0
        ) / 100
    ) / 100 as weighted_amount
from opportunities
left join stages on opportunities.stage = stages.stage
where opportunities.is_closed is not true
group by opportunities.stage, stages.stage_order, close_month
order by stages.stage_order nulls last, close_month
