-- Leads that a CRM keeps beside its contacts, answers to forms, and members of
-- lists, as last delivered. Those of the call centre are in fct_lead_snapshots.
-- Grain: one row per kind and lead.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key=['kind', 'lead_id'],
    post_hook=[
        "{{ drop_gone(ref('int_crm_leads__versioned'), 'lead_id', 'lead_id', 'crm_lead') }}",
        "{{ drop_gone(ref('int_form_leads__versioned'), 'lead_key', 'lead_id', 'form_lead') }}",
        "{{ drop_gone(ref('int_list_members__versioned'), 'member_key', 'lead_id', 'list') }}",
        "{{ caught_up() }}",
    ],
    indexes=[
        {'columns': ['created_at']},
        {'columns': ['email']},
        {'columns': ['latest_file_id']},
    ],
) }}

with

crm_leads as (

    {{ touched_states(ref('int_crm_leads__versioned'), 'lead_id', [
        [ref('int_crm__aliases'), 'alias_id', 'source_owner'],
        [ref('int_crm__aliases'), 'alias_id', 'source_campaign'],
        [ref('int_crm__aliases'), 'alias_id', 'source_converted_contact_id'],
        [
            ref('int_contacts__clustered'), 'record_id',
            'source_converted_contact_id',
        ],
        [
            ref('fct_opportunities'), 'opportunity_id',
            'source_converted_opportunity_id',
        ],
        [
            ref('int_opportunities__versioned'), 'opportunity_id',
            'source_converted_opportunity_id',
        ],
        [ref('int_people__linked'), 'source_record_id', 'lead_id'],
    ]) }}

),

answers as (

    {{ touched_states(ref('int_form_leads__versioned'), 'lead_key', [
        [ref('int_people__linked'), 'source_record_id', 'lead_key'],
    ]) }}

),

members as (

    {{ touched_states(ref('int_list_members__versioned'), 'member_key', [
        [ref('int_people__linked'), 'source_record_id', 'member_key'],
    ]) }}

),

aliases as (

    select * from {{ ref('int_crm__aliases') }}

),

contacts as (

    select * from {{ ref('int_contacts__clustered') }}
    where
        cluster_id not in (
            {{ gone_clusters('contacts') }}
        )

),

deals as (

    select * from {{ ref('fct_opportunities') }}

),

leads as (

    select
        'crm_lead' as kind,
        crm_leads.lead_id,
        crm_leads.created_date as created_at,
        crm_leads.first_name,
        crm_leads.last_name,
        crm_leads.full_name,
        crm_leads.email,
        crm_leads.phone,
        crm_leads.company as company_name,
        crm_leads.title as job_title,
        crm_leads.country as source_country,
        crm_leads.status as source_status,
        coalesce(sources.code, crm_leads.lead_source) as lead_source,
        crm_leads.campaign,
        coalesce(campaigns.record_id, crm_leads.source_campaign) as campaign_id,
        cast(null as text) as form,
        coalesce(owners.record_id, crm_leads.source_owner) as owner_id,
        coalesce(
            crm_leads.is_converted,
            crm_leads.source_converted_contact_id is not null
        ) as is_converted,
        contacts.cluster_id as converted_contact_id,
        deals.opportunity_id as converted_opportunity_id,
        crm_leads.source_converted_contact_id,
        crm_leads.source_converted_opportunity_id,
        false as is_test,
        crm_leads.latest_file_id,
        crm_leads._row_id,
        crm_leads._file_id
    from crm_leads
    left join {{ ref('int_crm__codes') }} as sources
        on
            sources.lookup = 'lead_source'
            and {{ cleaning.code_key('crm_leads.lead_source') }}
            = sources.source_value
    left join aliases as owners
        on
            owners.entity = 'owners'
            and crm_leads.source_owner = owners.alias_id
    left join aliases as campaigns
        on
            campaigns.entity = 'campaigns'
            and crm_leads.source_campaign = campaigns.alias_id
    left join aliases as contact_aliases
        on
            contact_aliases.entity = 'contacts'
            and crm_leads.source_converted_contact_id = contact_aliases.alias_id
    left join contacts
        on {{ led_to(
            'contact_aliases', 'crm_leads.source_converted_contact_id'
        ) }}
            = contacts.record_id
    left join aliases as deal_aliases
        on
            deal_aliases.entity = 'opportunities'
            and crm_leads.source_converted_opportunity_id
            = deal_aliases.alias_id
    left join deals
        on {{ led_to(
            'deal_aliases', 'crm_leads.source_converted_opportunity_id'
        ) }}
            = deals.opportunity_id
    where not crm_leads.is_gone

    union all

    select
        'form_lead' as kind,
        lead_key as lead_id,
        submitted_at as created_at,
        first_name,
        last_name,
        full_name,
        coalesce(email, work_email) as email,
        phone,
        company as company_name,
        title as job_title,
        country as source_country,
        status as source_status,
        coalesce(source, platform) as lead_source,
        campaign,
        campaign_id,
        form,
        cast(null as text) as owner_id,
        cast(null as boolean) as is_converted,
        cast(null as text) as converted_contact_id,
        cast(null as text) as converted_opportunity_id,
        cast(null as text) as source_converted_contact_id,
        cast(null as text) as source_converted_opportunity_id,
        {{ is_test_answer() }} as is_test,
        latest_file_id,
        _row_id,
        _file_id
    from answers
    where not is_gone

    union all

    select
        'list' as kind,
        member_key as lead_id,
        created_at,
        first_name,
        last_name,
        full_name,
        email,
        coalesce(phone, mobile_phone) as phone,
        company as company_name,
        title as job_title,
        country as source_country,
        status as source_status,
        cast(null as text) as lead_source,
        cast(null as text) as campaign,
        cast(null as text) as campaign_id,
        list as form,
        cast(null as text) as owner_id,
        cast(null as boolean) as is_converted,
        cast(null as text) as converted_contact_id,
        cast(null as text) as converted_opportunity_id,
        cast(null as text) as source_converted_contact_id,
        cast(null as text) as source_converted_opportunity_id,
        false as is_test,
        latest_file_id,
        _row_id,
        _file_id
    from members
    where not is_gone

),

final as (

    select
        leads.*,
        people.person_id,
        people.organisation_id
    from leads
    left join {{ ref('int_people__linked') }} as people
        on
            case leads.kind
                when 'crm_lead' then 'lead:'
                when 'list' then 'list_member:'
                else 'form_lead:'
            end || leads.lead_id = people.record_id

)

select * from final
