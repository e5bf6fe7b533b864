-- Where do we win? Closed deals by the buyer's industry and size; the rate is
-- won of won and lost, so read it beside the number of deals. No sum mixes
-- currencies: one row each.
with

opportunities as (

    select * from {{ ref('fct_opportunities') }}

),

companies as (

    select * from {{ ref('dim_companies') }}

),

size_bands as (

    select * from {{ ref('size_bands') }}

)

select
    coalesce(companies.industry, 'unknown') as industry,
    coalesce(companies.size_band, 'unknown') as size_band,
    coalesce(opportunities.currency_code, 'unknown') as currency,
    count(*) as closed_count,
    sum(case when opportunities.is_won then 1 else 0 end) as won_count,
    round(
        {{ win_rate('opportunities', '100.0') }}, 1
    ) as win_rate_percent,
    coalesce(sum(
        case when opportunities.is_won then opportunities.amount_cents end
    ), 0) / 100.0 as won_amount
from opportunities
left join companies on opportunities.company_id = companies.company_id
left join size_bands on companies.size_band = size_bands.size_band
where opportunities.is_closed and opportunities.is_won is not null
group by
    companies.industry,
    companies.size_band,
    size_bands.size_order,
    opportunities.currency_code
order by
    companies.industry nulls last,
    size_bands.size_order nulls last,
    currency
