-- Contacts, cleaned and typed.
-- Grain: one row per record landed from the CRM's contact files.
{{ config(indexes=[
    {'columns': ['_row_id'], 'unique': true},
    {'columns': ['contact_id']},
    {'columns': ['_file_id']},
]) }}
{%- set written = source_settings('crm', 'contacts') %}

with

source as (

    {{ written_rows('crm', 'contacts', ['merged_into'], ['merged_ids']) }}

),

given as (

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_company_id': ['clean_text', 'company_id'],
        'given_email': ['clean_text', 'email'],
        'given_first_name': ['clean_name', 'first_name'],
        'given_last_name': ['clean_name', 'last_name'],
        'given_full_name': ['clean_name', 'full_name'],
        'given_company_name': ['clean_text', 'company_name'],
        'given_title': ['clean_text', 'title'],
        'given_phone': ['clean_text', 'phone'],
        'given_mobile_phone': ['clean_text', 'mobile_phone'],
        'given_status': ['clean_text', 'status'],
        'given_owner': ['clean_text', 'owner'],
        'given_owner_name': ['clean_text', 'owner_name'],
        'given_lead_step': ['clean_text', 'lead_step'],
        'given_lead_source': ['clean_text', 'lead_source'],
        'given_city': ['clean_text', 'city'],
        'given_state': ['clean_text', 'state'],
        'given_country': ['clean_text', 'country', [], ['na']],
        'given_created_date': ['clean_text', 'created_date'],
        'given_last_modified': ['clean_text', 'last_modified'],
        'given_is_deleted': ['clean_text', 'is_deleted'],
        'given_merged_into': ['clean_text', 'merged_into'],
        'given_merged_ids': ['clean_text', 'merged_ids'],
    }, **given_business_time('crm', 'contacts')), [written_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', dict({
        'email': ['clean_email', 'given_email'],
        'created_at': [
            'parse_timestamp', 'given_created_date',
            written.time_zone, written.date_order,
        ],
        'updated_at': [
            'parse_timestamp', 'given_last_modified',
            written.time_zone, written.date_order,
        ],
        'is_deleted': ['parse_boolean', 'given_is_deleted'],
        '_changed_at': business_time('crm', 'contacts'),
    }, **owner_columns())) }}

),

final as (

    select
        ---------- ids
        {{ kept_id('given_id') }} as contact_id,
        {{ linked_id('given_company_id', 'given_company_name') }}
            as source_company_id,
        {{ named_reference('owner_given') }} as source_owner,

        ---------- text
        {{ bare_reference('owner_shown') }} as owner,
        is_owner_former,
        coalesce(given_first_name, {{ name_part('first') }}) as first_name,
        coalesce(given_last_name, {{ name_part('last') }}) as last_name,
        given_title as title,
        given_city as city,
        given_state as state,
        email,
        coalesce(given_phone, given_mobile_phone) as source_phone,

        ---------- codes, as delivered
        given_status as source_status,
        given_lead_step as lead_status,
        given_lead_source as source_lead_source,
        given_country as source_country,

        ---------- deleted and merged
        is_deleted,
        {{ kept_id('given_merged_into') }} as merged_into,
        given_merged_ids as merged_ids,

        ---------- timestamps
        created_at,
        updated_at,

        ---------- quality and lineage
        {{ row_findings(required_findings(
            'crm', 'contacts', where='_is_system = 0'
        ) + [
            ['email_malformed', 'email', unreadable('email', 'email')],
            ['date_unreadable', 'created_date',
                unreadable_date('created_date', 'created_at')],
            ['date_in_future', 'created_date', in_future('created_at')],
            ['date_unreadable', 'last_modified',
                unreadable_date('last_modified', 'updated_at')],
            ['date_in_future', 'last_modified', in_future('updated_at')],
            ['updated_before_created', 'last_modified',
                'updated_at < created_at'],
        ] + written_findings('crm', 'contacts', ['merged_into'])) }} as _findings,
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
