-- Contacts as last delivered, one for each record of the source, with their
-- company and a dialable number.
-- Grain: one row per contact of the source.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='contact_id',
    indexes=[
        {'columns': ['contact_id'], 'unique': true},
        {'columns': ['record_number']},
        {'columns': ['email']},
        {'columns': ['touched_file_id']},
    ],
) }}

with

contacts as (

    {{ touched_states(ref('int_contacts__versioned'), 'contact_id', [
        [ref('int_companies__clustered'), 'record_id', 'source_company_id'],
        [ref('int_crm__aliases'), 'alias_id', 'source_company_id'],
        [ref('int_crm__aliases'), 'alias_id', 'source_owner'],
        [ref('int_crm__aliases'), 'alias_id', 'contact_id'],
    ]) }}

),

companies as (

    select
        clustered.record_id,
        clustered.cluster_id,
        clustered.latest_file_id,
        companies.country_code
    from {{ ref('int_companies__clustered') }} as clustered
    inner join {{ ref('int_companies__current') }} as companies
        on clustered.record_id = companies.company_id
    where
        clustered.cluster_id not in (
            {{ gone_clusters('companies') }}
        )

),

final as (

    select
        contacts.contact_id,
        (
            select min(records._row_id) as first_row_id
            from {{ ref('int_contacts__versioned') }} as records
            where
                records.contact_id = contacts.contact_id
                and records._row_id > 0
        ) as record_number,
        companies.cluster_id as company_id,
        coalesce(owners.record_id, contacts.source_owner) as owner_id,
        contacts.first_name,
        contacts.last_name,
        contacts.email,
        {{ cleaning.phone_e164(
            'contacts.source_phone', 'companies.country_code'
        ) }}
            as phone_e164,
        contacts.title,
        contacts.status,
        contacts.lead_status,
        contacts.lead_source,
        contacts.city,
        contacts.state,
        contacts.source_country,
        {{ gone_or_merged('contacts', 'contact_id', 'own') }} as is_gone,
        contacts.created_at,
        contacts.updated_at,
        contacts.source_company_id,
        contacts.source_phone,
        contacts.source_status,
        contacts.source_lead_source,
        contacts.latest_file_id,
        -- a company that came late or was merged changes its contacts too
        {{ cleaning.greatest_of([
            'contacts.latest_file_id', 'coalesce(companies.latest_file_id, 0)',
            'coalesce(aliases.latest_file_id, 0)',
            'coalesce(owners.latest_file_id, 0)',
            'coalesce(own.latest_file_id, 0)',
        ]) }} as touched_file_id,
        contacts._row_id,
        contacts._file_id
    from contacts
    left join {{ ref('int_crm__aliases') }} as aliases
        on
            aliases.entity = 'companies'
            and contacts.source_company_id = aliases.alias_id
    left join {{ ref('int_crm__aliases') }} as owners
        on owners.entity = 'owners' and contacts.source_owner = owners.alias_id
    left join {{ ref('int_crm__aliases') }} as own
        on own.entity = 'contacts' and contacts.contact_id = own.alias_id
    left join companies
        on {{ led_to('aliases', 'contacts.source_company_id') }}
            = companies.record_id

)

select * from final
