-- Which share of the deals goes on from a stage, and how long do they stay? A
-- deal goes on when it is won from there, or comes later to a stage further on:
-- to any other that is no loss, where the order of the stages is not known.
-- Grain: one row per stage that ends no deal.
{{ config(materialized='view') }}

with

ranked as (

    select
        *,
        row_number() over (
            partition by stage_id order by days_in_stage nulls last
        ) as day_rank,
        count(days_in_stage) over (partition by stage_id) as day_count
    from {{ ref('int_opportunities__stays') }}

),

counted as (

    select
        stage_id,
        count(*) as entered_count,
        sum(went_on) as went_on_count,
        sum(is_still_there) as still_there_count
    from ranked
    where is_first
    group by stage_id

),

days as (

    select
        stage_id,
        min(pipeline_id) as pipeline_id,
        min(stage) as stage,
        min(stage_order) as stage_order,
        count(*) as stay_count,
        max(day_count) as known_stay_count,
        avg(days_in_stage) as average_days,
        {{ median_of('days_in_stage', 'day_rank', 'day_count') }}
            as median_days
    from ranked
    group by stage_id

),

final as (

    select
        days.stage_id,
        days.pipeline_id,
        days.stage,
        days.stage_order,
        counted.entered_count,
        cast(counted.went_on_count as bigint) as went_on_count,
        cast(counted.still_there_count as bigint) as still_there_count,
        cast(
            counted.entered_count - counted.went_on_count
            - counted.still_there_count as bigint
        ) as dropped_count,
        {{ conversion(
            'counted.went_on_count',
            '(counted.entered_count - counted.still_there_count)',
        ) }} as conversion_rate,
        days.stay_count,
        days.known_stay_count,
        days.average_days,
        days.median_days
    from days
    inner join counted on days.stage_id = counted.stage_id

)

select * from final
