-- How often do we win? The share of won deals among those won or lost, in all
-- and by one dimension at a time.
-- Grain: one row per dimension and value of it.
{{ config(materialized='view') }}
{%- set dimensions = {
    'all': "'all'",
    'close_month': 'substr(deals.actual_close_date, 1, 7)',
    'pipeline': 'deals.pipeline_id',
    'owner': 'deals.owner_id',
    'lead_source': 'deals.lead_source',
    'industry': 'companies.industry',
    'size_band': 'companies.size_band',
} %}

with

deals as (

    select
        {% for dimension, column in dimensions.items() -%}
        {{ column }} as by_{{ dimension }},
        {% endfor -%}
        deals.is_closed,
        deals.is_won
    from {{ ref('fct_opportunities') }} as deals
    left join {{ ref('dim_companies') }} as companies
        on deals.company_id = companies.company_id
    where deals.is_closed and deals.is_won is not null

),

rates as (

    {% for dimension in dimensions -%}
    select
        '{{ dimension }}' as dimension,
        by_{{ dimension }} as dimension_value,
        cast(sum(case when is_won then 1 else 0 end) as bigint) as won_count,
        cast(sum(case when is_won then 0 else 1 end) as bigint) as lost_count,
        {{ win_rate() }} as win_rate
    from deals
    group by by_{{ dimension }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        {{ json_array_text(['dimension', 'dimension_value']) }} as rate_id,
        dimension,
        dimension_value,
        won_count,
        lost_count,
        win_rate
    from rates

)

select * from final
