-- Organisations that the CRM knows already, with the evidence. A lead in the
-- bin is none.
-- Grain: one row per organisation and lead.
{{ config(materialized='view') }}

with

orgs as (

    select * from {{ ref('dim_prospective_orgs') }}
    where is_current

),

leads as (

    select * from {{ ref('int_salesforce_leads__versioned') }}
    where row_status = 'current' and not is_deleted

),

evidence as (

    {% for evidence, condition in [
        ('phone', 'leads.phone = orgs.phone'),
        ('phone', 'leads.phone = orgs.phone2'),
        ('mobile_phone', 'leads.mobile_phone = orgs.phone'),
        ('mobile_phone', 'leads.mobile_phone = orgs.phone2'),
        ('email', 'leads.email = orgs.email'),
        ('name_zip',
            'leads.zip = orgs.zip and leads.name_key = orgs.name_key'),
        ('street_zip',
            'leads.zip = orgs.zip and leads.street_key = orgs.street_key'),
    ] -%}
    {{ 'union' if not loop.first }}
    select
        orgs.org_id,
        leads.lead_id,
        '{{ evidence }}' as evidence
    from leads
    inner join orgs on {{ condition }}
    {% endfor %}

),

final as (

    select
        orgs.org_id,
        leads.lead_id,
        orgs.company as org_company,
        leads.company as lead_company,
        max(case when evidence.evidence = 'phone' then 1 else 0 end) = 1
            as is_phone_match,
        max(case when evidence.evidence = 'mobile_phone' then 1 else 0 end) = 1
            as is_mobile_phone_match,
        max(case when evidence.evidence = 'email' then 1 else 0 end) = 1
            as is_email_match,
        max(case when evidence.evidence = 'name_zip' then 1 else 0 end) = 1
            as is_name_zip_match,
        max(case when evidence.evidence = 'street_zip' then 1 else 0 end) = 1
            as is_street_zip_match,
        count(*) as evidence_count,
        leads.status as lead_status
    from evidence
    inner join orgs on evidence.org_id = orgs.org_id
    inner join leads on evidence.lead_id = leads.lead_id
    group by
        orgs.org_id,
        leads.lead_id,
        orgs.company,
        leads.company,
        leads.status

)

select * from final
