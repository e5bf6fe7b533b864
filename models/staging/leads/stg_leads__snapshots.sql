-- Leads as the call centre saw them on one day, cleaned and typed.
-- Grain: one row per record landed from the daily files.
{{ config(indexes=[
    {'columns': ['_row_id'], 'unique': true},
    {'columns': ['_file_id']},
    {'columns': ['email_hash']},
    {'columns': ['phone_hash']},
]) }}
{%- set written = source_settings('leads', 'snapshots') %}

with

source as (

    select * from {{ source('leads', 'snapshots') }}
    where _file_id > {{ watermark() }}

),

given as (

    {{ cleaning.read_columns('source', {
        'given_lead_number': ['clean_text', 'lead_number'],
        'given_entry_date': ['clean_text', 'entry_date'],
        'given_email_hash': ['clean_text', 'email_hash'],
        'given_phone_hash': ['clean_text', 'phone_hash'],
        'given_city': ['clean_text', 'city', ['0', 'nu']],
        'given_state': ['clean_text', 'state', ['0', 'nu']],
        'given_zip': ['clean_text', 'zip', ['0', '00000']],
        'given_appointment': ['clean_text', 'appointment', ['0']],
        'given_is_set': ['clean_text', 'is_set'],
        'given_is_demo': ['clean_text', 'is_demo'],
        'given_disposition': ['clean_text', 'disposition', ['0']],
        'given_job_status': ['clean_text', 'job_status', ['0']],
        'given_location': ['clean_text', 'location', ['|']],
    }, [lineage_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', {
        'entry_date': ['parse_date', 'given_entry_date', written.date_order],
        'email_hash': ['clean_hash', 'given_email_hash'],
        'phone_hash': ['clean_hash', 'given_phone_hash'],
        'zip': ['us_zip', 'given_zip'],
        'appointment_at': [
            'parse_timestamp', 'given_appointment',
            written.time_zone, written.date_order,
        ],
        'is_set': ['parse_boolean', 'given_is_set'],
        'is_demo': ['parse_boolean', 'given_is_demo'],
    }) }}

),

final as (

    select
        ---------- ids
        given_lead_number as lead_number,
        email_hash,
        phone_hash,

        ---------- text
        coalesce(
            given_city,
            nullif(trim({{ cleaning.text_before('given_location', '|') }}), '')
        ) as city,
        zip,
        given_job_status as job_status,
        given_location as source_location,

        ---------- codes, as delivered
        given_state as source_state,
        nullif(trim({{ cleaning.text_after('given_location', '|') }}), '')
            as location_state,
        given_disposition as source_disposition,

        ---------- booleans, as delivered
        is_set,
        is_demo,

        ---------- dates
        entry_date,
        appointment_at,

        ---------- quality and lineage
        {{ row_findings(
            required_findings('leads', 'snapshots', 'lead_number') + [
            ['date_unreadable', 'entry_date',
                unreadable('entry_date', 'entry_date')],
            ['date_in_future', 'entry_date', in_future('entry_date')],
            ['date_unreadable', 'appointment',
                unreadable('appointment', 'appointment_at')],
            ['hash_malformed', 'email_hash',
                unreadable('email_hash', 'email_hash')],
            ['hash_malformed', 'phone_hash',
                unreadable('phone_hash', 'phone_hash')],
            ['zip_malformed', 'zip', unreadable('zip', 'zip')],
            ['boolean_unreadable', 'is_set', unreadable('is_set', 'is_set')],
            ['boolean_unreadable', 'is_demo',
                unreadable('is_demo', 'is_demo')],
        ]) }} as _findings,
        {{ lineage_columns() }}
    from typed

)

select * from final
