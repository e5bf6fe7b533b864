-- Leads of the CRM, cleaned and typed, with what they are compared by.
-- Grain: one row per record landed.
{%- set written = source_settings('prospects', 'salesforce_leads') %}

with

source as (

    select * from {{ source('prospects', 'salesforce_leads') }}
    where _file_id > {{ watermark() }}

),

given as (

    select
        {{ cleaning.clean_text('id') }} as given_id,
        {{ cleaning.clean_text('is_deleted') }} as given_is_deleted,
        {{ cleaning.clean_name('company') }} as given_company,
        {{ cleaning.clean_name('first_name') }} as first_name,
        {{ cleaning.clean_name('last_name') }} as last_name,
        {{ cleaning.clean_text('street') }} as street,
        {{ cleaning.clean_text('city') }} as city,
        {{ cleaning.clean_text('postal_code') }} as given_postal_code,
        {{ cleaning.clean_text('phone') }} as given_phone,
        {{ cleaning.clean_text('mobile_phone') }} as given_mobile_phone,
        {{ cleaning.clean_text('email') }} as given_email,
        {{ cleaning.clean_text('status') }} as status,
        {{ cleaning.clean_text(
            'last_modified_date'
        ) }} as given_last_modified_date,
        {{ given_business_time('prospects', 'salesforce_leads') }},
        {{ lineage_columns() }}
    from source
    {{ cleaning.computed_once() }}

),

typed as (

    select
        *,
        {{ cleaning.clean_email('given_email') }} as email,
        {{ us_phone('given_phone') }} as phone,
        {{ us_phone('given_mobile_phone') }} as mobile_phone,
        {{ cleaning.us_zip('given_postal_code') }} as zip,
        {{ cleaning.parse_boolean('given_is_deleted') }} as is_deleted,
        {{ cleaning.parse_timestamp(
            'given_last_modified_date', written.time_zone, written.date_order
        ) }} as updated_at
    from given
    {{ cleaning.computed_once() }}

),

final as (

    select
        ---------- ids
        given_id as lead_id,

        ---------- text
        given_company as company,
        first_name,
        last_name,
        phone,
        mobile_phone,
        email,
        street,
        city,
        zip,
        status,
        {{ cleaning.company_name_key('given_company') }} as name_key,
        {{ cleaning.street_key('street') }} as street_key,

        ---------- booleans
        coalesce(is_deleted, false) as is_deleted,

        ---------- quality and lineage
        {{ row_findings(
            required_findings('prospects', 'salesforce_leads') + [
            ['email_malformed', 'email', unreadable('email', 'email')],
            ['phone_unreadable', 'phone', unreadable('phone', 'phone')],
            ['phone_unreadable', 'mobile_phone',
                unreadable('mobile_phone', 'mobile_phone')],
            ['boolean_unreadable', 'is_deleted',
                unreadable('is_deleted', 'is_deleted')],
            ['date_unreadable', 'last_modified_date',
                unreadable('last_modified_date', 'updated_at')],
        ]) }} as _findings,
        {{ business_time('prospects', 'salesforce_leads') }} as _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
