-- Organisations as sources name them: the golden companies of the CRM, those of
-- registers, and the companies that persons name as theirs. Of a person
-- whose company is not named, the domain of the address is kept: it leads to a
-- company by a declared link, and is no organisation by itself.
-- Grain: one row per record that names an organisation.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='record_id',
    indexes=[
        {'columns': ['record_id'], 'unique': true},
        {'columns': ['record_number']},
        {'columns': ['mail_domain']},
        {'columns': ['touched_file_id']},
    ],
    post_hook=[
        "{{ forget_unnamed_organisations([
        'organisation_name', 'domain', 'phone', 'email', 'street', 'city',
        'state', 'postcode', 'country_code', 'industry',
    ]) }}",
        "{{ caught_up() }}",
    ],
) }}
{%- set columns = ['organisation_name', 'domain', 'phone', 'email', 'street',
    'city', 'state', 'postcode', 'country_code', 'industry'] %}

with

files as (

    select
        file_id,
        coalesce(id_scope, source_name) as named
    from {{ ref('stg_ingest__files') }}

),

-- the domains that companies have or had, and when that last changed
company_domains as (

    select
        versions.domain,
        max(clustered.latest_file_id) as latest_file_id
    from {{ ref('int_companies__versioned') }} as versions
    inner join {{ ref('int_companies__clustered') }} as clustered
        on versions.company_id = clustered.record_id
    where versions.domain is not null
    group by versions.domain

),

companies as (

    select
        'company:' || clustered.record_id as record_id,
        'company' as record_kind,
        clustered.record_id as source_record_id,
        'company:' || clustered.cluster_id as unit_id,
        clustered.record_number * 16 as record_number,
        golden.company_name as organisation_name,
        golden.domain,
        cast(null as text) as phone,
        cast(null as text) as email,
        cast(null as text) as street,
        golden.city,
        golden.state,
        cast(null as text) as postcode,
        golden.country_code,
        golden.industry,
        golden.domain as mail_domain,
        golden.company_id is null as is_gone,
        golden.created_at,
        records._row_id as changed_at,
        coalesce(golden.latest_file_id, records.latest_file_id)
            as latest_file_id,
        clustered.latest_file_id as touched_file_id,
        abs(records._row_id) as _row_id,
        records._file_id
    from {{ ref('int_companies__clustered') }} as clustered
    inner join {{ ref('int_companies__current') }} as records
        on clustered.record_id = records.company_id
    left join {{ ref('dim_companies') }} as golden
        on clustered.record_id = golden.company_id
    where clustered.latest_file_id > {{ watermark() }}

),

registers as (

    select
        register,
        max(ready_file_id) as ready_file_id
    from {{ ref('int_prospects__mapping_checks') }}
    group by register
    having count(rule) = 0

),

addressed as (

    select
        *,
        {{ work_domain(
            cleaning.lower_text(cleaning.text_after('email', '@'))
        ) }} as work_domain
    from {{ ref('int_prospect_orgs__versioned') }}
    where row_status = 'current'
    {{ cleaning.computed_once() }}

),

prospects as (

    select
        'prospect:' || orgs.org_id as record_id,
        'prospect' as record_kind,
        orgs.org_id as source_record_id,
        'prospect:' || orgs.org_id as unit_id,
        (
            select min(records._row_id) as first_row_id
            from {{ ref('int_prospect_orgs__versioned') }} as records
            where records.org_id = orgs.org_id and records._row_id > 0
        ) * 16 + 13 as record_number,
        orgs.company as organisation_name,
        coalesce(orgs.website_address, orgs.work_domain) as domain,
        orgs.phone,
        case when orgs.work_domain is null then orgs.email end as email,
        orgs.address1 as street,
        orgs.city,
        orgs.state,
        orgs.zip as postcode,
        'US' as country_code,
        cast(null as text) as industry,
        cast(null as text) as mail_domain,
        false as is_gone,
        orgs.valid_from as created_at,
        orgs._row_id as changed_at,
        orgs.latest_file_id,
        {{ cleaning.greatest_of([
            'orgs.latest_file_id', 'registers.ready_file_id'
        ]) }} as touched_file_id,
        abs(orgs._row_id) as _row_id,
        orgs._file_id
    from addressed as orgs
    inner join registers on orgs.register = registers.register
    where
        orgs.latest_file_id > {{ watermark() }}
        or registers.ready_file_id > {{ watermark() }}

),

named as (

    select
        people.organisation_record_id as record_id,
        'named' as record_kind,
        people.record_id as source_record_id,
        people.organisation_record_id as unit_id,
        people.record_number,
        people.company_name as organisation_name,
        case
            when people.company_name is not null then people.email_domain
        end as domain,
        case when people.company_name is not null then people.phone_e164 end
            as phone,
        case
            when people.company_name is not null and people.email_domain is null
                then people.email
        end as email,
        leads.street,
        case when people.company_name is not null then people.city end as city,
        cast(null as text) as state,
        leads.zip as postcode,
        case
            when people.company_name is not null then people.country_code
        end as country_code,
        cast(null as text) as industry,
        people.email_domain as mail_domain,
        people.company_name is null as is_gone,
        people.created_at,
        people._row_id as changed_at,
        people.latest_file_id,
        {{ cleaning.greatest_of([
            'people.touched_file_id',
            'case when people.company_name is null
            then coalesce(company_domains.latest_file_id, 0) else 0 end',
            'clustered.latest_file_id',
        ]) }} as touched_file_id,
        people._row_id,
        people._file_id
    from {{ ref('int_people__current') }} as people
    inner join {{ ref('int_people__clustered') }} as clustered
        on people.record_id = clustered.record_id
    left join company_domains on people.email_domain = company_domains.domain
    left join {{ ref('int_salesforce_leads__versioned') }} as leads
        on
            people.record_kind = 'prospect_lead'
            and people.source_record_id = leads.lead_id
            and leads.row_status = 'current'
    where
        people.organisation_record_id like 'named:%'
        and (
            people.touched_file_id > {{ watermark() }}
            or clustered.latest_file_id > {{ watermark() }}
            or people.company_name is null
            and company_domains.latest_file_id > {{ watermark() }}
        )

),

organisations as (

    select * from companies
    union all
    select * from prospects
    union all
    select * from named

),

final as (

    select
        organisations.record_id,
        organisations.record_kind,
        organisations.source_record_id,
        organisations.unit_id,
        organisations.record_number,
        files.named as source_name,
        {%- for column in columns %}
        organisations.{{ column }},
        {%- endfor %}
        organisations.mail_domain,
        {{ one_each(
            'organisations', 'organisations.record_kind', 'files.named'
        ) }} as one_each,
        coalesce(own.place, common.place, 100) as trust,
        organisations.is_gone,
        organisations.created_at,
        organisations.changed_at,
        organisations.latest_file_id,
        organisations.touched_file_id,
        organisations._row_id,
        organisations._file_id
    from organisations
    inner join files on organisations._file_id = files.file_id
    left join {{ ref('source_trust') }} as own
        on
            organisations.record_kind = own.record_kind
            and files.named = own.source_name
    left join {{ ref('source_trust') }} as common
        on
            organisations.record_kind = common.record_kind
            and common.source_name = '*'

)

select * from final
