-- Did we speak with anybody? Calls, meetings and demos, and what became of
-- each: one that was not held is no conversation.
-- Grain: one row per call, meeting and demo.
{{ config(materialized='view') }}

with

activities as (

    select * from {{ ref('fct_activities') }}
    where activity_type in ('call', 'meeting', 'demo')

),

outcomes as (

    select * from {{ ref('activity_outcomes') }}

),

newest as (

    select max(loaded_at) as loaded_at from {{ ref('stg_ingest__files') }}

),

final as (

    select
        activities.activity_id,
        activities.contact_id,
        activities.owner_id,
        activities.activity_type as conversation_type,
        activities.occurred_at,
        case
            when activities.occurred_at > newest.loaded_at then 'planned'
            when lower(activities.outcome) = 'no show' then 'no_show'
            when outcomes.is_held = 1 then 'held'
            when outcomes.is_held = 0 then 'not_held'
            else 'unknown'
        end as conversation_state,
        case
            when activities.duration_minutes between 0 and 1440
                then activities.duration_minutes
        end as duration_minutes
    from activities
    cross join newest
    left join outcomes on activities.outcome = outcomes.outcome

)

select * from final
