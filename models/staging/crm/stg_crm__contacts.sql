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

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_company_id': ['clean_text', 'company_id'],
        'given_email': ['clean_text', 'email'],
        'given_first_name': ['clean_name', 'first_name'],
        'given_last_name': ['clean_name', 'last_name'],
        'given_title': ['clean_text', 'title'],
        'given_phone': ['clean_text', 'phone'],
        'given_status': ['clean_text', 'status'],
        'given_created_date': ['clean_text', 'created_date'],
        'given_last_modified': ['clean_text', 'last_modified'],
    }, **given_business_time('crm', 'contacts')), [lineage_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', {
        'email': ['clean_email', 'given_email'],
        'created_at': [
            'parse_timestamp', 'given_created_date',
            written.time_zone, written.date_order,
        ],
        'updated_at': [
            'parse_timestamp', 'given_last_modified',
            written.time_zone, written.date_order,
        ],
        '_changed_at': business_time('crm', 'contacts'),
    }) }}

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
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
