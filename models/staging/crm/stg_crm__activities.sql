-- Calls, mails, meetings and tasks, cleaned and typed.
-- Grain: one row per record landed from the CRM's activity files.
{{ config(indexes=[{'columns': ['activity_id']}, {'columns': ['_file_id']}]) }}
{%- set written = source_settings('crm', 'activities') %}

with

source as (

    select * from {{ source('crm', 'activities') }}
    where _file_id > {{ watermark() }}

),

given as (

    select
        {{ cleaning.clean_text('id') }} as given_id,
        {{ cleaning.clean_text('contact_id') }} as given_contact_id,
        {{ cleaning.clean_text('opportunity_id') }} as given_opportunity_id,
        {{ cleaning.clean_text('type') }} as given_type,
        {{ cleaning.clean_text('subject') }} as given_subject,
        {{ cleaning.clean_text('outcome') }} as given_outcome,
        {{ cleaning.clean_multiline('notes') }} as given_notes,
        {{ cleaning.clean_text('duration_minutes') }} as given_duration_minutes,
        {{ cleaning.clean_text('timestamp') }} as given_timestamp,
        {{ given_business_time('crm', 'activities') }},
        {{ lineage_columns() }}
    from source
    {{ cleaning.computed_once() }}

),

typed as (

    select
        *,
        {{ cleaning.parse_integer(
            'given_duration_minutes'
        ) }} as duration_minutes,
        {{ cleaning.parse_timestamp(
            'given_timestamp', written.time_zone, written.date_order
        ) }} as occurred_at
    from given
    {{ cleaning.computed_once() }}

),

final as (

    select
        ---------- ids
        given_id as activity_id,
        given_contact_id as source_contact_id,
        given_opportunity_id as source_opportunity_id,

        ---------- text
        given_subject as subject,
        given_notes as notes,

        ---------- codes, as delivered
        given_type as source_type,
        given_outcome as source_outcome,

        ---------- measures
        duration_minutes,

        ---------- timestamps
        occurred_at,

        ---------- quality and lineage
        {{ row_findings(required_findings('crm', 'activities') + [
            ['number_unreadable', 'duration_minutes',
                unreadable('duration_minutes', 'duration_minutes')],
            ['duration_out_of_range', 'duration_minutes',
                'duration_minutes not between 0 and 1440'],
            ['date_unreadable', 'timestamp',
                unreadable('timestamp', 'occurred_at')],
            ['date_in_future', 'timestamp', in_future('occurred_at')],
        ]) }} as _findings,
        {{ business_time('crm', 'activities') }} as _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
