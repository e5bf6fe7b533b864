-- Answers to forms as last delivered.
-- Grain: one row per answer.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='lead_id',
    post_hook=[
        "{{ drop_gone(ref('int_form_leads__versioned'), 'lead_key', 'lead_id') }}",
        "{{ caught_up() }}",
    ],
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

given as (

    select
        lead_key as lead_id,
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
        latest_file_id,
        _row_id,
        _file_id
    from answers
    where not is_gone

),

final as (

    select
        given.*,
        people.person_id,
        people.organisation_id
    from given
    left join {{ ref('int_people__linked') }} as people
        on 'form_lead:' || given.lead_id = people.record_id

)

select * from final
