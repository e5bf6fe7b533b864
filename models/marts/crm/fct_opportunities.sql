-- Opportunities as last delivered.
-- Grain: one row per opportunity.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='opportunity_id',
    loses_rows=true,
    post_hook="delete from {{ this }} where opportunity_id in (
        select gone.opportunity_id
        from {{ ref('int_opportunities__versioned') }} as gone
        where gone.row_status = 'current' and gone.is_gone
    )",
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
        [ref('int_crm__aliases'), 'alias_id', 'source_company_id'],
        [ref('int_crm__aliases'), 'alias_id', 'source_contact_id'],
    ]) }}

),

companies as (

    select * from {{ ref('int_companies__clustered') }}
    where
        cluster_id not in (
            {{ gone_clusters('companies') }}
        )

),

contacts as (

    select * from {{ ref('int_contacts__clustered') }}
    where
        cluster_id not in (
            {{ gone_clusters('contacts') }}
        )

),

aliases as (

    select * from {{ ref('int_crm__aliases') }}

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
        opportunities.currency_code,
        opportunities.source_amount,
        opportunities.probability,
        opportunities.created_at,
        opportunities.close_date,
        {{ deal_is_closed('opportunities', 'stages') }} as is_closed,
        {{ deal_is_won('opportunities', 'stages') }} as is_won,
        opportunities.is_marked_closed,
        opportunities.source_company_id,
        opportunities.source_contact_id,
        opportunities.source_product,
        opportunities.source_stage,
        opportunities.source_status,
        opportunities.source_forecast_category,
        opportunities.latest_file_id,
        opportunities._row_id,
        opportunities._file_id
    from opportunities
    left join aliases as company_aliases
        on
            company_aliases.entity = 'companies'
            and opportunities.source_company_id = company_aliases.alias_id
    left join companies
        on {{ led_to('company_aliases', 'opportunities.source_company_id') }}
            = companies.record_id
    left join aliases as contact_aliases
        on
            contact_aliases.entity = 'contacts'
            and opportunities.source_contact_id = contact_aliases.alias_id
    left join contacts
        on {{ led_to('contact_aliases', 'opportunities.source_contact_id') }}
            = contacts.record_id
    left join stages on opportunities.stage = stages.stage
    where not opportunities.is_gone

)

select * from final
