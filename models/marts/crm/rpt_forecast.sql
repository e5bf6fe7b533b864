-- What is expected, and when? Open deals by the month in which they should
-- close; those whose day is before that of the newest file are overdue.
-- Grain: one row per expected month, overdue or not, pipeline, owner, currency
-- and forecast category.
{{ config(materialized='view') }}

with

clock as (

    select substr(max(files.loaded_at), 1, 10) as clock_day
    from {{ ref('stg_ingest__files') }} as files

),

open_deals as (

    select
        deals.pipeline_id,
        deals.owner_id,
        deals.currency_code,
        coalesce(deals.forecast_category, deals.source_forecast_category)
            as forecast_category,
        substr(deals.close_date, 1, 7) as expected_month,
        coalesce(deals.close_date < clock.clock_day, false) as is_overdue,
        deals.amount_minor as amount,
        deals.weighted_amount_minor as weighted_amount
    from {{ ref('fct_opportunities') }} as deals
    cross join clock
    where deals.is_closed is not true

),

grouped as (

    select
        expected_month,
        is_overdue,
        pipeline_id,
        owner_id,
        currency_code,
        forecast_category,
        count(*) as deal_count,
        count(amount) as valued_count,
        cast(coalesce(sum(amount), 0) as bigint) as amount_minor,
        {{ weighted_sum('weighted_amount', 'amount') }}
            as weighted_amount_minor
    from open_deals
    group by
        expected_month,
        is_overdue,
        pipeline_id,
        owner_id,
        currency_code,
        forecast_category

),

final as (

    select
        {{ json_array_text([
            'expected_month', 'case when is_overdue then 1 else 0 end',
            'pipeline_id', 'owner_id', 'currency_code', 'forecast_category',
        ]) }} as forecast_id,
        expected_month,
        is_overdue,
        pipeline_id,
        owner_id,
        currency_code,
        forecast_category,
        deal_count,
        valued_count,
        amount_minor,
        {{ main_units('amount_minor', 'currency_code') }} as amount,
        weighted_amount_minor,
        {{ main_units('weighted_amount_minor', 'currency_code') }}
            as weighted_amount
    from grouped

)

select * from final
