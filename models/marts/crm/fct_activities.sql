-- Calls, mails, meetings and tasks as last delivered.
-- Grain: one row per activity.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='activity_id',
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
    ]) }}

),

contacts as (

    select * from {{ ref('int_contacts__clustered') }}

),

opportunities as (

    select * from {{ ref('fct_opportunities') }}

),

final as (

    select
        activities.activity_id,
        contacts.cluster_id as contact_id,
        opportunities.opportunity_id,
        activities.activity_type,
        activities.subject,
        activities.occurred_at,
        activities.duration_minutes,
        activities.outcome,
        activities.notes,
        activities.source_contact_id,
        activities.source_opportunity_id,
        activities.source_type,
        activities.source_outcome,
        activities.latest_file_id,
        activities._row_id,
        activities._file_id
    from activities
    left join contacts
        on activities.source_contact_id = contacts.record_id
    left join opportunities
        on activities.source_opportunity_id = opportunities.opportunity_id

)

select * from final
