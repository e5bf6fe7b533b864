-- What is wrong with the CRM's records: the row rules they break, and the
-- rules that need other rows. Reads the marts: it judges what users see.
-- Grain: one row per record, rule and column.

with

row_states as (

    {{ row_states('crm') }}

),

row_findings as (

    select
        table_name,
        record_id,
        rule,
        column_name,
        source_value,
        _row_id
    from {{ ref('int_crm__row_findings') }}

),

unknown_codes as (

    {{ unknown_values('code_unknown', [
        ['companies', ref('int_companies__current'), 'company_id',
            'industry', 'source_industry', 'industry', ref('industries')],
        ['companies', ref('int_companies__current'), 'company_id',
            'size_band', 'source_size', 'size', none],
        ['companies', ref('int_companies__current'), 'company_id',
            'country_code', 'source_country', 'country', none],
        ['contacts', ref('int_contacts__current'), 'contact_id',
            'status', 'source_status', 'status', ref('contact_statuses')],
        ['opportunities', ref('fct_opportunities'), 'opportunity_id',
            'stage_id', 'source_stage', 'stage',
            '(select * from ' ~ ref('dim_deal_stages') ~ ' where is_known)'],
        ['contacts', ref('int_contacts__current'), 'contact_id',
            'lead_source', 'source_lead_source', 'lead_source',
            ref('lead_sources')],
        ['opportunities', ref('fct_opportunities'), 'opportunity_id',
            'lead_source', 'source_lead_source', 'lead_source',
            ref('lead_sources')],
        ['leads', '(select * from ' ~ ref('fct_leads')
            ~ " where kind = 'crm_lead') as crm_leads", 'lead_id',
            'lead_source', 'lead_source', 'lead_source', ref('lead_sources')],
        ['opportunities', ref('fct_opportunities'), 'opportunity_id',
            'product', 'source_product', 'product', ref('products')],
        ['opportunities', ref('fct_opportunities'), 'opportunity_id',
            'forecast_category', 'source_forecast_category',
            'forecast_category', ref('forecast_categories')],
        ['activities', ref('fct_activities'), 'activity_id',
            'activity_type', 'source_type', 'type', ref('activity_types')],
        ['activities', ref('fct_activities'), 'activity_id',
            'outcome', 'source_outcome', 'outcome', ref('activity_outcomes')],
    ]) }}

),

unknown_references as (

    {{ unknown_links([
        ['contacts', ref('int_contacts__current'), 'contact_id', 'company_id',
            'companies', ref('int_companies__versioned')],
        ['opportunities', ref('fct_opportunities'), 'opportunity_id', 'company_id',
            'companies', ref('int_companies__versioned')],
        ['opportunities', ref('fct_opportunities'), 'opportunity_id', 'contact_id',
            'contacts', ref('int_contacts__versioned')],
        ['activities', ref('fct_activities'), 'activity_id', 'contact_id',
            'contacts', ref('int_contacts__versioned')],
        ['activities', ref('fct_activities'), 'activity_id', 'opportunity_id',
            'opportunities', ref('int_opportunities__versioned')],
    ]) }}

),

unofficial_countries as (

    select
        'companies' as table_name,
        company_id as record_id,
        'country_not_iso' as rule,
        'country' as column_name,
        source_country as source_value,
        _row_id
    from {{ ref('int_companies__current') }}
    where country_code <> source_country

),

odd_phones as (

    select
        'contacts' as table_name,
        contact_id as record_id,
        case
            when phone_e164 is null then 'phone_unreadable'
            else 'phone_fictional'
        end as rule,
        'phone' as column_name,
        source_phone as source_value,
        _row_id
    from {{ ref('int_contacts__current') }}
    where
        source_phone is not null
        and (phone_e164 is null or {{ cleaning.is_fictional_phone(
            'phone_e164'
        ) }})

),

shared_emails as (

    select
        'contacts' as table_name,
        contact_id as record_id,
        'email_shared' as rule,
        'email' as column_name,
        email as source_value,
        _row_id
    from {{ ref('int_contacts__current') }}
    where
        email in (
            select twice.email from {{ ref('int_contacts__current') }} as twice
            group by twice.email
            having count(*) > 1
        )

),

contradicting_stages as (

    select
        'opportunities' as table_name,
        opportunities.opportunity_id as record_id,
        'closed_contradicts_stage' as rule,
        'is_closed' as column_name,
        opportunities.source_stage as source_value,
        opportunities._row_id
    from {{ ref('fct_opportunities') }} as opportunities
    where opportunities.is_marked_closed <> opportunities.is_closed

    union all

    select
        'opportunities' as table_name,
        opportunities.opportunity_id as record_id,
        'forecast_contradicts_stage' as rule,
        'forecast_category' as column_name,
        opportunities.source_forecast_category as source_value,
        opportunities._row_id
    from {{ ref('fct_opportunities') }} as opportunities
    inner join {{ ref('forecast_categories') }} as categories
        on opportunities.forecast_category = categories.forecast_category
    where categories.is_closed = 1 and not opportunities.is_closed

    union all

    -- a system with a status leaves a lost deal in the stage that it was in
    select
        'opportunities' as table_name,
        opportunities.opportunity_id as record_id,
        'probability_contradicts_stage' as rule,
        'probability' as column_name,
        -- 40, not 40.0, on every engine
        case
            when cast(opportunities.probability as text) like '%.0'
                then
                    substr(
                        cast(opportunities.probability as text), 1,
                        length(cast(opportunities.probability as text)) - 2
                    )
            else cast(opportunities.probability as text)
        end as source_value,
        opportunities._row_id
    from {{ ref('fct_opportunities') }} as opportunities
    where
        opportunities.is_closed
        and opportunities.probability between 0 and 100
        and (
            (opportunities.is_won and opportunities.probability < 100)
            or (
                not opportunities.is_won
                and opportunities.probability > case
                    when opportunities.source_status is null then 0 else 99
                end
            )
        )

),

early_activities as (

    select
        'activities' as table_name,
        activities.activity_id as record_id,
        'activity_before_opportunity' as rule,
        'timestamp' as column_name,
        activities.occurred_at as source_value,
        activities._row_id
    from {{ ref('fct_activities') }} as activities
    inner join {{ ref('fct_opportunities') }} as opportunities
        on activities.opportunity_id = opportunities.opportunity_id
    where activities.occurred_at < opportunities.created_at

),

circular_merges as (

    {% for table, id in [
        ('companies', 'company_id'), ('contacts', 'contact_id'),
        ('opportunities', 'opportunity_id'),
    ] -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table }}' as table_name,
        aliases.alias_id as record_id,
        'merged_in_circle' as rule,
        'merged_into' as column_name,
        merged.merged_into as source_value,
        merged._row_id
    from {{ ref('int_crm__aliases') }} as aliases
    inner join {{ ref('int_' ~ table ~ '__versioned') }} as merged
        on aliases.alias_id = merged.{{ id }}
    where
        aliases.entity = '{{ table }}'
        and aliases.is_circular
        and merged.row_status = 'current'
        and merged._row_id > 0
    {% endfor %}
),

findings as (

    {% for part in [
        'row_findings', 'unknown_codes', 'unknown_references',
        'unofficial_countries', 'odd_phones', 'shared_emails',
        'contradicting_stages', 'early_activities', 'circular_merges',
    ] -%}
    select * from {{ part }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    {{ placed_findings('crm', 'findings', 'row_states') }}

    union all

    {{ picture_findings('crm') }}

)

select * from final
