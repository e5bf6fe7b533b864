-- Will the month be made? Won so far beside what is open, by forecast category;
-- other is open in no such category, or closed with an unknown end. No sum
-- mixes currencies: one row each.
with

opportunities as (

    select
        opportunities.close_date,
        coalesce(opportunities.currency_code, 'unknown') as currency,
        opportunities.amount_cents,
        case
            when opportunities.is_closed and opportunities.is_won then 'won'
            when opportunities.is_closed and not opportunities.is_won
                then 'lost'
            when opportunities.is_closed then 'other'
            when opportunities.forecast_category = 'Commit' then 'commit'
            when opportunities.forecast_category = 'Best Case' then 'best_case'
            when opportunities.forecast_category = 'Pipeline' then 'pipeline'
            else 'other'
        end as part
    from {{ ref('fct_opportunities') }} as opportunities

)

select
    coalesce(substr(close_date, 1, 7), 'unknown') as close_month,
    currency,
    count(*) as deal_count,
    {% for part in [
        'won', 'commit', 'best_case', 'pipeline', 'other', 'lost',
    ] -%}
    coalesce(sum(
        case when part = '{{ part }}' then amount_cents end
    ), 0) / 100.0 as {{ part }}_amount,
    {% endfor -%}
    coalesce(sum(amount_cents), 0) / 100.0 as total_amount
from opportunities
group by close_month, currency
order by close_month, currency
