-- How did deals move through the stages? One row per stay in a stage, of deals
-- that moved; times are those of the deliveries that show it.
with

versions as (

    select
        history.*,
        coalesce(history.stage, history.source_stage, 'unknown') as stage_then
    from {{ ref('dim_opportunities_history') }} as history

),

compared as (

    select
        opportunity_id,
        opportunity_name,
        version_number,
        stage_then,
        amount_cents,
        valid_from,
        valid_to,
        case
            when
                stage_then = lag(stage_then) over (
                    partition by opportunity_id order by version_number
                )
                then 0
            else 1
        end as is_move
    from versions

),

numbered as (

    select
        opportunity_id,
        opportunity_name,
        stage_then,
        amount_cents,
        valid_from,
        valid_to,
        sum(is_move) over (
            partition by opportunity_id order by version_number
            rows unbounded preceding
        ) as stay_number
    from compared

),

stays as (

    select
        opportunity_id,
        stay_number,
        stage_then as stage,
        max(opportunity_name) as opportunity_name,
        min(amount_cents) as least_cents,
        max(amount_cents) as most_cents,
        min(valid_from) as entered_at,
        case when count(valid_to) = count(*) then max(valid_to) end as left_at,
        count(*) over (partition by opportunity_id) as stay_count
    from numbered
    group by opportunity_id, stay_number, stage_then

)

select
    opportunity_id,
    opportunity_name,
    stay_number,
    stage,
    substr(entered_at, 1, 10) as entered_on,
    substr(left_at, 1, 10) as left_on,
    {{ days_between('entered_at', 'left_at') }} as days,
    least_cents / 100.0 as least_amount,
    most_cents / 100.0 as most_amount
from stays
where stay_count > 1
order by opportunity_id, stay_number
