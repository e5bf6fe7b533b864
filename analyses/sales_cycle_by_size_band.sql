-- How long does a sale take? Days from entry to close by size of the buyer; the
-- median is the usual case. Deals closed before they were entered are left out.
with

opportunities as (

    select * from {{ ref('fct_opportunities') }}

),

companies as (

    select * from {{ ref('dim_companies') }}

),

size_bands as (

    select * from {{ ref('size_bands') }}

),

cycles as (

    select
        companies.size_band,
        case when opportunities.is_won then 'won' else 'lost' end as outcome,
        {{ days_between(
            'opportunities.created_at', 'opportunities.close_date'
        ) }} as days
    from opportunities
    left join companies on opportunities.company_id = companies.company_id
    where
        opportunities.is_closed
        and opportunities.is_won is not null
        and opportunities.close_date
        >= substr(opportunities.created_at, 1, 10)

),

ranked as (

    select
        size_band,
        outcome,
        days,
        row_number() over (
            partition by size_band, outcome order by days
        ) as day_rank,
        count(*) over (partition by size_band, outcome) as deal_count
    from cycles

)

select
    coalesce(ranked.size_band, 'unknown') as size_band,
    ranked.outcome,
    count(*) as deal_count,
    {{ median_of('ranked.days', 'ranked.day_rank', 'ranked.deal_count') }}
        as median_days,
    min(ranked.days) as shortest_days,
    max(ranked.days) as longest_days
from ranked
left join size_bands on ranked.size_band = size_bands.size_band
group by ranked.size_band, ranked.outcome, size_bands.size_order
order by size_bands.size_order asc nulls last, ranked.outcome desc
