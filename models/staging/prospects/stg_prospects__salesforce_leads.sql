-- Leads of the CRM, cleaned and typed, with what they are compared by.
-- Grain: one row per record landed.
{{ config(indexes=[{'columns': ['_row_id'], 'unique': true}]) }}
{%- set written = source_settings('prospects', 'salesforce_leads') %}

with

source as (

    select * from {{ source('prospects', 'salesforce_leads') }}
    where _file_id > {{ watermark() }}

),

given as (

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_is_deleted': ['clean_text', 'is_deleted'],
        'given_company': ['clean_name', 'company'],
        'first_name': ['clean_name', 'first_name'],
        'last_name': ['clean_name', 'last_name'],
        'street': ['clean_text', 'street'],
        'city': ['clean_text', 'city'],
        'given_postal_code': ['clean_text', 'postal_code'],
        'given_phone': ['clean_text', 'phone'],
        'given_mobile_phone': ['clean_text', 'mobile_phone'],
        'given_email': ['clean_text', 'email'],
        'status': ['clean_text', 'status'],
        'given_last_modified_date': ['clean_text', 'last_modified_date'],
    }, **given_business_time('prospects', 'salesforce_leads')), [lineage_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', {
        'email': ['clean_email', 'given_email'],
        'phone': us_phone('given_phone'),
        'mobile_phone': us_phone('given_mobile_phone'),
        'zip': ['us_zip', 'given_postal_code'],
        'is_deleted': ['parse_boolean', 'given_is_deleted'],
        'updated_at': [
            'parse_timestamp', 'given_last_modified_date',
            written.time_zone, written.date_order,
        ],
        '_changed_at': business_time('prospects', 'salesforce_leads'),
    }) }}

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
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
