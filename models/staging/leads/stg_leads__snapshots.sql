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

    select
        {{ cleaning.clean_text('lead_number') }} as given_lead_number,
        {{ cleaning.clean_text('entry_date') }} as given_entry_date,
        {{ cleaning.clean_text('email_hash') }} as given_email_hash,
        {{ cleaning.clean_text('phone_hash') }} as given_phone_hash,
        {{ cleaning.clean_text('city', missing=['0', 'nu']) }} as given_city,
        {{ cleaning.clean_text('state', missing=['0', 'nu']) }} as given_state,
        {{ cleaning.clean_text('zip', missing=['0', '00000']) }} as given_zip,
        {{ cleaning.clean_text(
            'appointment', missing=['0']
        ) }} as given_appointment,
        {{ cleaning.clean_text('is_set') }} as given_is_set,
        {{ cleaning.clean_text('is_demo') }} as given_is_demo,
        {{ cleaning.clean_text(
            'disposition', missing=['0']
        ) }} as given_disposition,
        {{ cleaning.clean_text(
            'job_status', missing=['0']
        ) }} as given_job_status,
        {{ cleaning.clean_text('location', missing=['|']) }} as given_location,
        {{ lineage_columns() }}
    from source
    {{ cleaning.computed_once() }}

),

typed as (

    select
        *,
        {{ cleaning.parse_date(
            'given_entry_date', written.date_order
        ) }} as entry_date,
        {{ cleaning.clean_hash('given_email_hash') }} as email_hash,
        {{ cleaning.clean_hash('given_phone_hash') }} as phone_hash,
        {{ cleaning.us_zip('given_zip') }} as zip,
        {{ cleaning.parse_timestamp(
            'given_appointment', written.time_zone, written.date_order
        ) }} as appointment_at,
        {{ cleaning.parse_boolean('given_is_set') }} as is_set,
        {{ cleaning.parse_boolean('given_is_demo') }} as is_demo
    from given
    {{ cleaning.computed_once() }}

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
