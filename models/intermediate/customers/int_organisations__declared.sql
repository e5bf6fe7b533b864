-- Organisations of which sources say that they are one: the company that a lead
-- became one of, a company of the CRM that bears the name and domain that a
-- person gives, or alone has the domain of one who gives no name, and what one
-- person calls alike: by a private mailbox, or with a slip in the domain.
-- Grain: one row per pair of records and evidence.
{{ config(materialized='view') }}

with

organisations as (

    select
        record_id,
        record_kind,
        {{ cleaning.lower_text('organisation_name') }} as organisation_name,
        mail_domain,
        is_gone
    from {{ ref('int_organisations__current') }}
    where mail_domain is not null

),

companies as (

    select
        organisations.record_id,
        organisations.organisation_name,
        organisations.mail_domain,
        count(*) over (partition by organisations.mail_domain) as domain_count
    from organisations
    where organisations.record_kind = 'company' and not organisations.is_gone

),

converted as (

    {{ converted_leads(
        'companies', 'source_converted_company_id',
        'named:lead', 'company'
    ) }}

),

addressed as (

    select
        named.record_id,
        companies.record_id as other_record_id,
        'domain of the company' as reason
    from organisations as named
    inner join companies on named.mail_domain = companies.mail_domain
    where
        named.record_kind = 'named'
        and case
            when named.organisation_name is null then companies.domain_count = 1
            else named.organisation_name = companies.organisation_name
        end

),

-- what records of one person call the firm, in its compared form
called as (

    select
        people.organisation_record_id as record_id,
        firms.record_number,
        clustered.cluster_id as person_id,
        firms.organisation_name,
        firms.domain
    from {{ ref('int_people__current') }} as people
    inner join {{ ref('int_people__clustered') }} as clustered
        on people.record_id = clustered.record_id
    inner join {{ ref('int_organisations__normalized') }} as firms
        on people.organisation_record_id = firms.record_id
    where not people.is_gone and firms.organisation_name is not null

),

of_one_person as (

    select
        record_id,
        other_record_id,
        'named by one person' as reason
    from (
        select
            record_id,
            domain,
            first_value(record_id) over of_person as other_record_id,
            first_value(domain) over of_person as other_domain
        from called
        window
            of_person as (
                partition by person_id, organisation_name
                order by
                    case when record_id like 'company:%' then 0 else 1 end,
                    record_number
            )
    ) as first_called
    where
        record_id <> other_record_id
        -- one with the domain of another company is that one
        and (
            domain is null
            or other_domain is null
            or domain = other_domain
            or domain not in (
                select companies.mail_domain from companies
                where companies.mail_domain is not null
            )
        )

),

links as (

    select * from converted
    union all
    select * from of_one_person
    union all
    select * from addressed

),

final as (

    select
        record_id,
        other_record_id,
        'same' as decision,
        'its source' as decided_by,
        reason
    from links

)

select * from final
