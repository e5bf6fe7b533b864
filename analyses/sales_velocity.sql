-- How much money does a pipeline bring a day? Open deals, times the win rate,
-- times the average won amount, divided by the average days from entry to
-- close of those won. One row per pipeline and currency.
with

deals as (

    select
        *,
        case
            when
                is_closed and is_won
                and actual_close_date >= substr(created_at, 1, 10)
                then {{ days_between('created_at', 'actual_close_date') }}
        end as cycle_days
    from {{ ref('fct_opportunities') }}

),

measured as (

    select
        pipeline_id,
        currency_code as currency,
        sum(case when is_closed is true then 0 else 1 end) as open_count,
        sum(case when is_closed and is_won then 1 else 0 end) as won_count,
        {{ win_rate() }} as win_rate,
        avg(case when is_closed and is_won then amount_minor end)
            as average_won_minor,
        avg(cycle_days) as average_days
    from deals
    group by pipeline_id, currency_code

)

select
    pipelines.pipeline_label as pipeline,
    measured.currency,
    measured.open_count,
    measured.won_count,
    round(100 * measured.win_rate, 1) as win_rate_percent,
    round(
        {{ main_units('measured.average_won_minor', 'measured.currency') }}, 2
    ) as average_won_amount,
    round(measured.average_days, 1) as average_days,
    round(
        measured.open_count * measured.win_rate
        * {{ main_units('measured.average_won_minor', 'measured.currency') }}
        / nullif(measured.average_days, 0), 2
    ) as amount_per_day
from measured
left join {{ ref('dim_pipelines') }} as pipelines
    on measured.pipeline_id = pipelines.pipeline_id
order by pipeline, measured.currency
