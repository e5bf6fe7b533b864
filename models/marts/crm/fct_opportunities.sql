-- Opportunities as last delivered.
-- Grain: one row per opportunity.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='opportunity_id',
    indexes=[
        {'columns': ['stage', 'close_date']},
        {'columns': ['close_date']},
        {'columns': ['latest_file_id']},
    ],
) }}

with

opportunities as (

    {{ touched_states(ref('int_opportunities__versioned'), 'opportunity_id', [
        [ref('int_companies__clustered'), 'record_id', 'source_company_id'],
        [ref('int_contacts__clustered'), 'record_id', 'source_contact_id'],
    ]) }}

),

companies as (

    select * from {{ ref('int_companies__clustered') }}

),

contacts as (

    select * from {{ ref('int_contacts__clustered') }}

),

stages as (

    select * from {{ ref('opportunity_stages') }}

),

final as (

    select
        opportunities.opportunity_id,
        companies.cluster_id as company_id,
        contacts.cluster_id as contact_id,
        opportunities.opportunity_name,
        opportunities.product,
        opportunities.stage,
        opportunities.forecast_category,
        opportunities.amount_cents,
        opportunities.source_amount,
        opportunities.probability,
        opportunities.created_at,
        opportunities.close_date,
        coalesce(stages.is_closed = 1, opportunities.is_marked_closed)
            as is_closed,
        stages.is_won = 1 as is_won,
        opportunities.is_marked_closed,
        opportunities.source_company_id,
        opportunities.source_contact_id,
        opportunities.source_product,
        opportunities.source_stage,
        opportunities.source_forecast_category,
        opportunities.latest_file_id,
        opportunities._row_id,
        opportunities._file_id
    from opportunities
    left join companies
        on opportunities.source_company_id = companies.record_id
    left join contacts
        on opportunities.source_contact_id = contacts.record_id
    left join stages on opportunities.stage = stages.stage

)

select * from final
