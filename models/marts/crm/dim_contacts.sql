-- Contacts as last delivered, with their company and a dialable number.
-- Grain: one row per contact.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='contact_id',
    indexes=[{'columns': ['email']}, {'columns': ['latest_file_id']}],
) }}

with

contacts as (

    {{ touched_states(ref('int_contacts__versioned'), 'contact_id', [
        [ref('dim_companies'), 'company_id', 'source_company_id'],
    ]) }}

),

companies as (

    select * from {{ ref('dim_companies') }}

),

countries as (

    select * from {{ ref('countries') }}

),

final as (

    select
        contacts.contact_id,
        companies.company_id,
        contacts.first_name,
        contacts.last_name,
        contacts.email,
        {{ phone_e164(
            'contacts.source_phone',
            'countries.calling_code',
            'countries.trunk_prefix',
            'countries.national_length_min',
            'countries.national_length_max',
            'countries.exit_code'
        ) }} as phone_e164,
        contacts.title,
        contacts.status,
        contacts.created_at,
        contacts.updated_at,
        contacts.source_company_id,
        contacts.source_phone,
        contacts.source_status,
        contacts.latest_file_id,
        contacts._row_id,
        contacts._file_id
    from contacts
    left join companies on contacts.source_company_id = companies.company_id
    left join countries on companies.country_code = countries.country_code

)

select * from final
