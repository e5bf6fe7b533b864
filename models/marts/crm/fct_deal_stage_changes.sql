-- The stays of deals in their stages: by the system's own history, by columns
-- of dates in the deals' file, else by what our deliveries show.
-- Grain: one row per opportunity and stay in a stage.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='opportunity_id',
    indexes=[{'columns': ['stage_id']}],
) }}

with

timed as (

    select
        *,
        lag(evidence) over (
            partition by opportunity_id order by state_number
        ) as evidence_before
    from {{ ref('int_opportunities__timed') }}
    where latest_file_id > {{ watermark() }}

),

-- another stage, or the same again after an end
compared as (

    select
        *,
        case
            when is_gone then 0
            when
                lag(is_gone) over in_order = false
                and lag(stage_key) over in_order = stage_key
                and lag(pipeline_id) over in_order = pipeline_id
                and (phase <> 'open' or lag(phase) over in_order = 'open')
                then 0
            else 1
        end as is_entry
    from timed
    where evidence <> 'entry'
    window in_order as (partition by opportunity_id order by state_number)

),

numbered as (

    select
        *,
        sum(is_entry) over (
            partition by opportunity_id order by state_number
            rows unbounded preceding
        ) as stay_number
    from compared

),

phased as (

    select
        *,
        first_value(phase) over in_stay as phase_entered,
        last_value(phase) over (
            partition by opportunity_id, stay_number
            order by case when is_gone then 0 else 1 end, state_number
            rows between unbounded preceding and unbounded following
        ) as phase_left
    from numbered
    window in_stay as (
        partition by opportunity_id, stay_number order by state_number
    )

),

stays as (

    select
        opportunity_id,
        stay_number,
        max(case when is_entry = 1 then pipeline_id end) as pipeline_id,
        max(case when is_entry = 1 then stage_id end) as stage_id,
        max(case when is_entry = 1 then stage end) as stage,
        max(phase_left) as outcome,
        max(case when phase_entered = 'open' then 0 else 1 end) as is_ending,
        coalesce(
            min(case
                when evidence <> 'deliveries' and not is_gone then stage_at
            end),
            min(valid_from)
        ) as entered_at,
        min(case
            when is_gone or (phase <> 'open' and phase_entered = 'open')
                then valid_from
        end) as ended_at,
        case max(case
            when is_gone or evidence = 'deliveries' then 0
            when evidence = 'dated_columns' then 1
            else 2
        end)
            when 2 then 'system_history' when 1 then 'dated_columns'
            else 'deliveries'
        end as evidence,
        max(case when evidence_before = 'entry' then 1 else 0 end)
            as is_first_seen
    from phased
    group by opportunity_id, stay_number

),

followed as (

    select
        *,
        lead(entered_at) over in_order as next_entered_at,
        row_number() over in_order as change_number
    from stays
    where stage is not null
    window in_order as (partition by opportunity_id order by stay_number)

),

left_stages as (

    select
        *,
        case
            when ended_at is null or next_entered_at < ended_at
                then next_entered_at
            else ended_at
        end as left_at
    from followed

),

final as (

    select
        opportunity_id,
        cast(change_number as bigint) as change_number,
        pipeline_id,
        stage_id,
        stage,
        entered_at,
        left_at,
        -- since when it was in the stage in which it first came is not known
        case
            when evidence <> 'deliveries' or is_first_seen = 0
                then {{ days_between('entered_at', 'left_at') }}
        end as days_in_stage,
        is_ending = 1 as is_ending,
        outcome,
        evidence
    from left_stages

)

select * from final
