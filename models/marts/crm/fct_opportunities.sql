-- Opportunities as last delivered.
-- Grain: one row per opportunity.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='opportunity_id',
    loses_rows=true,
    post_hook=[
        "delete from {{ this }} where opportunity_id in (
        select gone.opportunity_id
        from {{ ref('int_opportunities__versioned') }} as gone
        where gone.row_status = 'current' and gone.is_gone
        union
        select merged.alias_id
        from {{ ref('int_crm__aliases') }} as merged
        where merged.entity = 'opportunities' and merged.record_id <> merged.alias_id
    )",
        "{{ caught_up() }}",
    ],
    indexes=[
        {'columns': ['stage', 'close_date']},
        {'columns': ['close_date']},
        {'columns': ['latest_file_id']},
    ],
) }}
{%- set is_closed = deal_is_closed('opportunities', 'stages') %}
{#- A later file that has the stage alone says no probability in it. -#}
{%- set probability -%}
coalesce(
            case
                when opportunities.is_probability_earlier
                    then {{ cleaning.nearest('stages.probability_share * 100') }}
            end, opportunities.probability
        )
{%- endset %}
{%- set seen_date -%}
case
                    when opportunities.close_date <= ended.seen_date
                        then opportunities.close_date
                    else ended.seen_date
                end
{%- endset %}
{%- set day_of_rate -%}
coalesce(
                opportunities.actual_close_date,
                opportunities.close_date,
                substr(opportunities.created_at, 1, 10)
            )
{%- endset %}

with

opportunities as (

    {{ touched_states(ref('int_opportunities__versioned'), 'opportunity_id', [
        [ref('int_companies__clustered'), 'record_id', 'source_company_id'],
        [ref('int_contacts__clustered'), 'record_id', 'source_contact_id'],
        [ref('int_crm__aliases'), 'alias_id', 'source_company_id'],
        [ref('int_crm__aliases'), 'alias_id', 'source_contact_id'],
        [ref('int_crm__aliases'), 'alias_id', 'source_owner'],
        [ref('int_crm__aliases'), 'alias_id', 'source_campaign'],
        [ref('dim_deal_stages'), 'stage_id', 'stage_id'],
        [ref('int_crm__aliases'), 'alias_id', 'opportunity_id'],
        [ref('int_people__linked'), 'source_record_id', 'source_contact_id'],
        [
            ref('int_organisations__linked'), 'source_record_id',
            'source_company_id',
        ],
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

    select * from {{ ref('dim_deal_stages') }}

),

-- where only a stage says that a deal has ended: when it was first seen there
ended as (

    select
        opportunities.opportunity_id,
        substr(min(versions.valid_from), 1, 10) as seen_date
    from opportunities
    inner join {{ ref('int_opportunities__versioned') }} as versions
        on
            opportunities.opportunity_id = versions.opportunity_id
            and opportunities.stage_id = versions.stage_id
    where
        opportunities.is_date_earlier
        and versions.row_status in ('current', 'superseded')
    group by opportunities.opportunity_id

),

final as (

    select
        opportunities.opportunity_id,
        companies.cluster_id as company_id,
        contacts.cluster_id as contact_id,
        people.person_id,
        coalesce(organisations.organisation_id, people.organisation_id)
            as organisation_id,
        coalesce(owners.record_id, opportunities.source_owner) as owner_id,
        coalesce(campaigns.record_id, opportunities.source_campaign)
            as campaign_id,
        opportunities.pipeline_id,
        opportunities.stage_id,
        opportunities.opportunity_name,
        opportunities.product,
        opportunities.stage,
        opportunities.forecast_category,
        opportunities.amount_cents,
        {{ main_units(
            'opportunities.amount_minor', 'opportunities.currency_code'
        ) }} as amount,
        opportunities.amount_minor,
        opportunities.currency_code,
        {{ main_units(
            reporting_minor(
                'opportunities.amount_minor', 'opportunities.currency_code'
            ), "'" ~ reporting_currency() ~ "'"
        ) }} as amount_reporting,
        {{ reporting_minor(
            'opportunities.amount_minor', 'opportunities.currency_code'
        ) }} as amount_reporting_minor,
        {{ reporting_date('opportunities.currency_code') }} as rate_date,
        opportunities.source_amount,
        {{ weighted_amount('opportunities.amount_minor', probability) }}
            as weighted_amount_minor,
        opportunities.base_amount_minor,
        opportunities.base_currency_code,
        {{ probability }} as probability,
        case
            when {{ probability }} between 0 and 100
                then {{ probability }} / 100
        end as probability_share,
        opportunities.lead_source,
        opportunities.campaign,
        opportunities.lost_reason,
        opportunities.created_at,
        case
            when {{ is_closed }} and opportunities.is_date_earlier
                then {{ seen_date }}
            else opportunities.close_date
        end as close_date,
        opportunities.expected_close_date,
        case
            when opportunities.is_end_earlier and not {{ is_closed }} then null
            when {{ is_closed }} and opportunities.is_date_earlier
                then {{ seen_date }}
            when opportunities.actual_close_date is not null
                then opportunities.actual_close_date
            when {{ is_closed }} then opportunities.close_date
        end as actual_close_date,
        {{ is_closed }} as is_closed,
        {{ deal_is_won('opportunities', 'stages') }} as is_won,
        case
            when
                not opportunities.is_end_earlier
                or opportunities.is_marked_closed = {{ is_closed }}
                then opportunities.is_marked_closed
        end as is_marked_closed,
        opportunities.source_company_id,
        opportunities.source_contact_id,
        opportunities.source_product,
        opportunities.source_lead_source,
        opportunities.source_pipeline,
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
    left join {{ ref('int_people__linked') }} as people
        on 'contact:' || contacts.cluster_id = people.record_id
    left join {{ ref('int_organisations__linked') }} as organisations
        on 'company:' || companies.cluster_id = organisations.record_id
    left join aliases as owners
        on
            owners.entity = 'owners'
            and opportunities.source_owner = owners.alias_id
    left join aliases as campaigns
        on
            campaigns.entity = 'campaigns'
            and opportunities.source_campaign = campaigns.alias_id
    left join stages on opportunities.stage_id = stages.stage_id
    left join ended on opportunities.opportunity_id = ended.opportunity_id
    {{ reporting_join('opportunities.currency_code', day_of_rate) }}
    left join aliases
        on
            aliases.entity = 'opportunities'
            and opportunities.opportunity_id = aliases.alias_id
    where not ({{ gone_or_merged('opportunities', 'opportunity_id') }})

)

select * from final
