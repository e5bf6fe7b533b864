-- Companies as last delivered, one for each record of the source.
-- Grain: one row per company of the source.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='company_id',
    indexes=[
        {'columns': ['company_id'], 'unique': true},
        {'columns': ['record_number']},
        {'columns': ['touched_file_id']},
    ],
) }}

with

companies as (

    {{ touched_states(ref('int_companies__versioned'), 'company_id', [
        [ref('int_crm__aliases'), 'alias_id', 'source_owner'],
        [ref('int_crm__aliases'), 'alias_id', 'company_id'],
    ]) }}

),

final as (

    select
        companies.company_id,
        (
            select min(records._row_id) as first_row_id
            from {{ ref('int_companies__versioned') }} as records
            where
                records.company_id = companies.company_id
                and records._row_id > 0
        ) as record_number,
        companies.company_name,
        companies.domain,
        coalesce(owners.record_id, companies.source_owner) as owner_id,
        companies.city,
        companies.state,
        companies.industry,
        companies.size_band,
        companies.country_code,
        companies.is_customer,
        companies.annual_revenue_cents,
        companies.annual_revenue_minor,
        companies.annual_revenue_currency,
        {{ gone_or_merged('companies', 'company_id') }}
            as is_gone,
        companies.created_at,
        companies.source_industry,
        companies.source_size,
        companies.source_country,
        companies.latest_file_id,
        -- an owner who is known by now changes the companies that name one,
        -- and a merge what it merges
        {{ cleaning.greatest_of([
            'companies.latest_file_id', 'coalesce(owners.latest_file_id, 0)',
            'coalesce(aliases.latest_file_id, 0)',
        ]) }} as touched_file_id,
        companies._row_id,
        companies._file_id
    from companies
    left join {{ ref('int_crm__aliases') }} as owners
        on owners.entity = 'owners' and companies.source_owner = owners.alias_id
    left join {{ ref('int_crm__aliases') }} as aliases
        on
            aliases.entity = 'companies'
            and companies.company_id = aliases.alias_id

)

select * from final
