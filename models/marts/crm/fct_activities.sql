-- Calls, mails, meetings and tasks as last delivered.
-- Grain: one row per activity.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='activity_id',
    post_hook=[
        "delete from {{ this }} where activity_id in (
        select gone.activity_id
        from {{ ref('int_activities__versioned') }} as gone
        where gone.row_status = 'current' and gone.is_gone
    )",
        "{{ caught_up() }}",
    ],
    indexes=[
        {'columns': ['contact_id', 'occurred_at']},
        {'columns': ['occurred_at']},
        {'columns': ['latest_file_id']},
    ],
) }}

with

activities as (

    {{ touched_states(ref('int_activities__versioned'), 'activity_id', [
        [ref('int_contacts__clustered'), 'record_id', 'source_contact_id'],
        [ref('fct_opportunities'), 'opportunity_id', 'source_opportunity_id'],
        [ref('int_crm__aliases'), 'alias_id', 'source_contact_id'],
        [ref('int_crm__aliases'), 'alias_id', 'source_opportunity_id'],
        [ref('int_crm__aliases'), 'alias_id', 'source_owner'],
        [
            ref('int_opportunities__versioned'), 'opportunity_id',
            'source_opportunity_id',
        ],
        [ref('int_people__linked'), 'source_record_id', 'source_contact_id'],
        [touched_deals(), 'opportunity_id', 'source_opportunity_id'],
    ]) }}

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

opportunities as (

    select * from {{ ref('fct_opportunities') }}

),

final as (

    select
        activities.activity_id,
        contacts.cluster_id as contact_id,
        coalesce(people.person_id, opportunities.person_id) as person_id,
        coalesce(people.organisation_id, opportunities.organisation_id)
            as organisation_id,
        opportunities.opportunity_id,
        coalesce(owners.record_id, activities.source_owner) as owner_id,
        activities.activity_type,
        activities.subject,
        activities.occurred_at,
        activities.duration_minutes,
        activities.outcome,
        activities.notes,
        activities.source_contact_id,
        activities.source_opportunity_id,
        activities.source_lead_id,
        activities.source_type,
        activities.source_outcome,
        activities.latest_file_id,
        activities._row_id,
        activities._file_id
    from activities
    left join aliases as contact_aliases
        on
            contact_aliases.entity = 'contacts'
            and activities.source_contact_id = contact_aliases.alias_id
    left join contacts
        on {{ led_to('contact_aliases', 'activities.source_contact_id') }}
            = contacts.record_id
    left join {{ ref('int_people__linked') }} as people
        on 'contact:' || contacts.cluster_id = people.record_id
    left join aliases as deal_aliases
        on
            deal_aliases.entity = 'opportunities'
            and activities.source_opportunity_id = deal_aliases.alias_id
    left join opportunities
        on {{ led_to('deal_aliases', 'activities.source_opportunity_id') }}
            = opportunities.opportunity_id
    left join aliases as owners
        on
            owners.entity = 'owners'
            and activities.source_owner = owners.alias_id
    where not activities.is_gone

)

select * from final
