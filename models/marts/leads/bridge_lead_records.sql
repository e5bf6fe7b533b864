-- Which lead numbers are one person: the lead of the earliest entry stands for
-- them all. Of the person over all sources too.
-- Grain: one row per lead number.
{{ config(materialized='view') }}

with

members as (

    {{ identity.identity_members(
        'leads',
        'primary_lead_number',
        'lead_number',
        'leads',
        clusters=ref('int_leads__clustered'),
        records=ref('int_leads__current'),
    ) }}

),

final as (

    select
        members.*,
        people.person_id,
        people.organisation_id
    from members
    left join {{ ref('int_people__linked') }} as people
        on 'call_centre:' || members.lead_number = people.record_id

)

select * from final
