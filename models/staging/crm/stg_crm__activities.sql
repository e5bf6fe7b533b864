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

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_contact_id': ['clean_text', 'contact_id'],
        'given_opportunity_id': ['clean_text', 'opportunity_id'],
        'given_type': ['clean_text', 'type'],
        'given_subject': ['clean_text', 'subject'],
        'given_outcome': ['clean_text', 'outcome'],
        'given_notes': ['clean_multiline', 'notes'],
        'given_duration_minutes': ['clean_text', 'duration_minutes'],
        'given_timestamp': ['clean_text', 'timestamp'],
    }, **given_business_time('crm', 'activities')), [lineage_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', {
        'duration_minutes': ['parse_integer', 'given_duration_minutes'],
        'occurred_at': [
            'parse_timestamp', 'given_timestamp',
            written.time_zone, written.date_order,
        ],
        '_changed_at': business_time('crm', 'activities'),
    }) }}

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
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
