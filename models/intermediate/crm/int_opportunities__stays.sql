-- How deals were in a stage that ends no deal, and whether they went on from
-- it: won from there, or later in a stage further on, in any other that is no
-- loss where the order of the stages is not known. A deal that entered a stage
-- several times counts once for it, at its first stay (`is_first`).
-- Grain: one row per deal and stay.
{{ config(materialized='view') }}

with

stays as (

    select
        changes.*,
        stages.stage_order,
        changes.is_ending and changes.outcome <> 'won' as is_loss
    from {{ ref('fct_deal_stage_changes') }} as changes
    left join {{ ref('dim_deal_stages') }} as stages
        on changes.stage_id = stages.stage_id

),

followed as (

    select
        *,
        max(case when not is_loss then coalesce(stage_order, 1000000) end)
            over later as furthest_order,
        max(case when outcome = 'won' then 1 else 0 end) over later
            as is_won_later
    from stays
    window later as (
        partition by opportunity_id order by change_number
        rows between 1 following and unbounded following
    )

),

judged as (

    select
        *,
        case
            when
                outcome = 'won' or is_won_later = 1
                or furthest_order > coalesce(stage_order, 0)
                then 1
            else 0
        end as goes_on,
        case when left_at is null and outcome = 'open' then 1 else 0 end
            as is_there
    from followed
    where not is_ending

),

final as (

    select
        opportunity_id,
        change_number,
        pipeline_id,
        stage_id,
        stage,
        stage_order,
        entered_at,
        left_at,
        days_in_stage,
        row_number() over (
            partition by stage_id, opportunity_id order by change_number
        ) = 1 as is_first,
        max(goes_on) over whole_deal as went_on,
        case
            when max(goes_on) over whole_deal = 0
                then max(is_there) over whole_deal
            else 0
        end as is_still_there
    from judged
    window whole_deal as (partition by stage_id, opportunity_id)

)

select * from final
