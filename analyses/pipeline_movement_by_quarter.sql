-- How did the open pipeline move in each quarter? Open at its start, plus what
-- was created, reopened, moved in or grew, less what was won, lost or closed
-- otherwise, shrank, moved out or was deleted, is open at its end. One row per
-- quarter, pipeline and currency.
{%- set flows = [
    'created', 'reopened', 'moved_in', 'grown', 'shrunk', 'moved_out', 'won',
    'lost', 'closed_otherwise', 'deleted',
] %}
with

movement as (

    select * from {{ ref('rpt_pipeline_movement') }}

),

newest as (

    select max(movement_month) as newest_month from movement

),

placed as (

    select
        movement.*,
        substr(movement.movement_month, 6, 2) in ('01', '04', '07', '10')
            as is_first_month,
        substr(movement.movement_month, 6, 2) in ('03', '06', '09', '12')
        or movement.movement_month = newest.newest_month as is_last_month,
        substr(movement.movement_month, 1, 4) || case
            when substr(movement.movement_month, 6, 2) <= '03' then '-Q1'
            when substr(movement.movement_month, 6, 2) <= '06' then '-Q2'
            when substr(movement.movement_month, 6, 2) <= '09' then '-Q3'
            else '-Q4'
        end as quarter
    from movement
    cross join newest

),

summed as (

    select
        quarter,
        pipeline_id,
        currency_code as currency,
        sum(created_count) as created_count,
        sum(won_count) as won_count,
        sum(lost_count) as lost_count,
        sum(case when is_first_month then open_at_start_minor else 0 end)
            as open_at_start_minor,
        {%- for flow in flows %}
        sum({{ flow }}_minor) as {{ flow }}_minor,
        {%- endfor %}
        sum(case when is_last_month then open_at_end_minor else 0 end)
            as open_at_end_minor
    from placed
    group by quarter, pipeline_id, currency_code

)

select
    summed.quarter,
    pipelines.pipeline_label as pipeline,
    coalesce(summed.currency, 'unknown') as currency,
    summed.created_count,
    summed.won_count,
    summed.lost_count,
{%- for name in ['open_at_start'] + flows + ['open_at_end'] %}
    {{ main_units(
        'summed.' ~ name ~ '_minor', 'summed.currency'
    ) }} as {{ name }}{{ ',' if not loop.last }}
{%- endfor %}
from summed
left join {{ ref('dim_pipelines') }} as pipelines
    on summed.pipeline_id = pipelines.pipeline_id
order by summed.quarter, pipeline, currency
