-- Which kinds of activity come about? The share of each outcome within its
-- type; is_held says whether the outcome counts as having taken place.
with

activities as (

    select * from {{ ref('fct_activities') }}

),

outcomes as (

    select * from {{ ref('activity_outcomes') }}

),

counts as (

    select
        activity_type,
        outcome,
        count(*) as activity_count,
        avg(duration_minutes) as average_minutes
    from activities
    group by activity_type, outcome

)

select
    coalesce(counts.activity_type, 'unknown') as activity_type,
    coalesce(counts.outcome, 'unknown') as outcome,
    outcomes.is_held,
    counts.activity_count,
    round(
        100.0 * counts.activity_count / sum(counts.activity_count) over (
            partition by counts.activity_type
        ), 1
    ) as share_percent,
    round(counts.average_minutes, 1) as average_minutes
from counts
left join outcomes on counts.outcome = outcomes.outcome
order by
    counts.activity_type asc nulls last,
    counts.activity_count desc,
    counts.outcome asc nulls last
