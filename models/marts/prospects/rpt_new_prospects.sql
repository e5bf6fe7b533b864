-- Whom to call: organisations with a licence that no other source knows yet.
-- Grain: one row per organisation.
{{ config(materialized='view') }}

with

orgs as (

    select * from {{ ref('dim_prospective_orgs') }}
    where is_current

),

matches as (

    select distinct org_id from {{ ref('rpt_prospect_lead_matches') }}

),

final as (

    select
        orgs.org_id,
        orgs.source_register,
        orgs.company,
        orgs.first_name,
        orgs.last_name,
        orgs.title,
        orgs.phone,
        orgs.email,
        orgs.address1,
        orgs.address2,
        orgs.city,
        orgs.state,
        orgs.zip,
        orgs.capacity,
        orgs.ages_served,
        orgs.license_status,
        orgs.certificate_expiration_date,
        orgs.valid_from
    from orgs
    left join matches on orgs.org_id = matches.org_id
    where matches.org_id is null

)

select * from final
