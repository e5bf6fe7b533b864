-- Contacts, cleaned and typed.
-- Grain: one row per record landed from the CRM's contact files.
{{ config(indexes=[{'columns': ['contact_id']}, {'columns': ['_file_id']}]) }}
{%- set written = source_settings('crm', 'contacts') %}

with

source as (

    select * from {{ source('crm', 'contacts') }}
    where _file_id > {{ watermark() }}

),

given as (

    select
        {{ cleaning.clean_text('id') }} as given_id,
        {{ cleaning.clean_text('company_id') }} as given_company_id,
        {{ cleaning.clean_text('email') }} as given_email,
        {{ cleaning.clean_name('first_name') }} as given_first_name,
        {{ cleaning.clean_name('last_name') }} as given_last_name,
        {{ cleaning.clean_text('title') }} as given_title,
        {{ cleaning.clean_text('phone') }} as given_phone,
        {{ cleaning.clean_text('status') }} as given_status,
        {{ cleaning.clean_text('created_date') }} as given_created_date,
        {{ cleaning.clean_text('last_modified') }} as given_last_modified,
        {{ given_business_time('crm', 'contacts') }},
        {{ lineage_columns() }}
    from source
    {{ cleaning.computed_once() }}

),

typed as (

    select
        *,
        {{ cleaning.clean_email('given_email') }} as email,
        {{ cleaning.parse_timestamp(
            'given_created_date', written.time_zone, written.date_order
        ) }} as created_at,
        {{ cleaning.parse_timestamp(
            'given_last_modified', written.time_zone, written.date_order
        ) }} as updated_at
    from given
    {{ cleaning.computed_once() }}

),

final as (

    select
        ---------- ids
        given_id as contact_id,
        given_company_id as source_company_id,

        ---------- text
        given_first_name as first_name,
        given_last_name as last_name,
        given_title as title,
        email,
        given_phone as source_phone,

        ---------- codes, as delivered
        given_status as source_status,

        ---------- timestamps
        created_at,
        updated_at,

        ---------- quality and lineage
        {{ row_findings(required_findings('crm', 'contacts') + [
            ['email_malformed', 'email', unreadable('email', 'email')],
            ['date_unreadable', 'created_date',
                unreadable('created_date', 'created_at')],
            ['date_in_future', 'created_date', in_future('created_at')],
            ['date_unreadable', 'last_modified',
                unreadable('last_modified', 'updated_at')],
            ['date_in_future', 'last_modified', in_future('updated_at')],
            ['updated_before_created', 'last_modified',
                'updated_at < created_at'],
        ]) }} as _findings,
        {{ business_time('crm', 'contacts') }} as _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
