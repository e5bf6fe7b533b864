-- Organisations with a licence that another source knows, by identity
-- resolution over all sources: leads, companies of the CRM, customers.
-- Grain: one row per organisation of a register and record of another source.
{{ config(materialized='view') }}

with

orgs as (

    select
        org_id,
        company
    from {{ ref('dim_prospective_orgs') }}
    where is_current

),

linked as (

    select * from {{ ref('int_organisations__linked') }}
    where organisation_id is not null

),

records as (

    select * from {{ ref('int_organisations__current') }}

),

final as (

    select
        orgs.org_id,
        linked.organisation_id,
        -- a company that a person names is known by the record of the person
        case
            when known.record_kind = 'named' then known.source_record_id
            else known.record_id
        end as record_id,
        known.record_kind,
        records.source_name,
        orgs.company as org_company,
        records.organisation_name as record_company,
        known.evidence,
        known.probability,
        leads.status as lead_status
    from orgs
    inner join linked on 'prospect:' || orgs.org_id = linked.record_id
    inner join linked as known
        on
            linked.organisation_id = known.organisation_id
            and known.record_kind <> 'prospect'
    inner join records on known.record_id = records.record_id
    left join {{ ref('int_salesforce_leads__versioned') }} as leads
        on
            known.record_id = 'named:prospect_lead:' || leads.lead_id
            and leads.row_status = 'current'

)

select * from final
