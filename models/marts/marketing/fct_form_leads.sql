-- Answers to forms as last delivered.
-- Grain: one row per answer.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='lead_id',
    post_hook="{{ drop_gone(ref('int_form_leads__versioned'), 'lead_key', 'lead_id') }}",
    indexes=[
        {'columns': ['submitted_at']},
        {'columns': ['latest_file_id']},
    ],
) }}

with

answers as (

    {{ touched_states(ref('int_form_leads__versioned'), 'lead_key', [
        [ref('int_people__linked'), 'source_record_id', 'lead_key'],
    ]) }}

),

final as (

    select
        answers.lead_key as lead_id,
        people.person_id,
        people.organisation_id,
        submitted_at,
        coalesce(email, work_email) as email,
        phone,
        first_name,
        last_name,
        full_name,
        company as company_name,
        title as job_title,
        country as source_country,
        form as form_name,
        form_id,
        campaign as campaign_name,
        campaign_id,
        ad_group as ad_group_name,
        ad as ad_name,
        platform,
        source as source_name,
        is_organic,
        {{ is_test_answer() }} as is_test,
        status as source_status,
        answers.latest_file_id,
        answers._row_id,
        answers._file_id
    from answers
    left join {{ ref('int_people__linked') }} as people
        on 'form_lead:' || answers.lead_key = people.record_id
    where not answers.is_gone

)

select * from final
