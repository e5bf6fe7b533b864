-- What is in the pipeline, at which stage and with whom? Open deals by
-- pipeline, stage as delivered and owner; weighted is each amount times its
-- probability, and empty where a deal has none. No sum mixes currencies:
-- one row each.
with

deals as (

    select * from {{ ref('fct_opportunities') }}
    where is_closed is not true

),

pipelines as (

    select * from {{ ref('dim_pipelines') }}

),

stages as (

    select * from {{ ref('dim_deal_stages') }}

),

owners as (

    select * from {{ ref('dim_owners') }}

),

summed as (

    select
        pipelines.pipeline_label as pipeline,
        stages.stage_order,
        coalesce(stages.stage_name, deals.source_stage) as stage,
        owners.owner_name as owner,
        deals.currency_code as currency,
        count(*) as deal_count,
        coalesce(sum(deals.amount_minor), 0) as amount_minor,
        {{ weighted_sum('deals.weighted_amount_minor', 'deals.amount_minor') }}
            as weighted_minor
    from deals
    left join pipelines on deals.pipeline_id = pipelines.pipeline_id
    left join stages on deals.stage_id = stages.stage_id
    left join owners on deals.owner_id = owners.owner_id
    group by
        pipelines.pipeline_label,
        stages.stage_order,
        coalesce(stages.stage_name, deals.source_stage),
        owners.owner_name,
        deals.currency_code

)

select
    pipeline,
    stage,
    coalesce(owner, 'nobody') as owner,
    coalesce(currency, 'unknown') as currency,
    deal_count,
    {{ main_units('amount_minor', 'currency') }} as amount,
    {{ main_units('weighted_minor', 'currency') }} as weighted_amount
from summed
order by pipeline, stage_order nulls last, stage, owner, currency
