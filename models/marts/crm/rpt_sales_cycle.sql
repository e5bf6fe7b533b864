-- How long does a sale take? Days from the entry of a deal to its end; deals
-- that ended before they were entered are left out.
-- Grain: one row per pipeline, owner, month of the end and outcome.
{{ config(materialized='view') }}

with

cycles as (

    select
        pipeline_id,
        owner_id,
        substr(actual_close_date, 1, 7) as close_month,
        case when is_won then 'won' else 'lost' end as outcome,
        {{ days_between('created_at', 'actual_close_date') }} as cycle_days
    from {{ ref('fct_opportunities') }}
    where
        is_closed
        and is_won is not null
        and actual_close_date >= substr(created_at, 1, 10)

),

ranked as (

    select
        *,
        row_number() over (
            partition by pipeline_id, owner_id, close_month, outcome
            order by cycle_days
        ) as day_rank,
        count(*) over (
            partition by pipeline_id, owner_id, close_month, outcome
        ) as deal_count
    from cycles

),

final as (

    select
        {{ json_array_text([
            'close_month', 'pipeline_id', 'owner_id', 'outcome'
        ]) }} as cycle_id,
        close_month,
        pipeline_id,
        owner_id,
        outcome,
        count(*) as deal_count,
        avg(cycle_days) as average_days,
        {{ median_of('cycle_days', 'day_rank', 'deal_count') }} as median_days,
        cast(min(cycle_days) as bigint) as shortest_days,
        cast(max(cycle_days) as bigint) as longest_days
    from ranked
    group by close_month, pipeline_id, owner_id, outcome

)

select * from final
