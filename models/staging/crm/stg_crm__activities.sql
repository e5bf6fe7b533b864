-- Calls, mails, meetings and tasks, cleaned and typed.
-- Grain: one row per record landed from the CRM's activity files.
{{ config(indexes=[
    {'columns': ['_row_id'], 'unique': true},
    {'columns': ['activity_id']},
    {'columns': ['_file_id']},
]) }}
{%- set written = source_settings('crm', 'activities') %}

with

source as (

    {{ written_rows('crm', 'activities', ['related_id']) }}

),

given as (

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_contact_id': ['clean_text', 'contact_id'],
        'given_opportunity_id': ['clean_text', 'opportunity_id'],
        'given_related_id': ['clean_text', 'related_id'],
        'given_contact_name': ['clean_text', 'contact_name'],
        'given_contact_email': ['clean_text', 'contact_email'],
        'given_duration_text': ['clean_text', 'duration_text'],
        'given_end_time': ['clean_text', 'end_time'],
        'given_type': ['clean_text', 'type'],
        'given_subject': ['clean_text', 'subject'],
        'given_outcome': ['clean_text', 'outcome'],
        'given_owner': ['clean_text', 'owner'],
        'given_owner_name': ['clean_text', 'owner_name'],
        'given_notes': ['clean_multiline', 'notes'],
        'given_duration_minutes': ['clean_text', 'duration_minutes'],
        'given_timestamp': ['clean_text', 'timestamp'],
        'duration_seconds': ['clean_text', 'duration_seconds'],
        'completed_date': ['clean_text', 'completed_date'],
        'due_date': ['clean_text', 'due_date'],
        'is_deleted': ['clean_text', 'is_deleted'],
    }, **given_business_time('crm', 'activities')), [written_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', dict({
        'minutes': ['parse_integer', 'given_duration_minutes'],
        'given_seconds': ['parse_number', 'duration_seconds'],
        'clock_seconds': clock_seconds('given_duration_text'),
        'ended_at': [
            'parse_timestamp', 'given_end_time',
            written.time_zone, written.date_order,
        ],
        'happened_at': [
            'parse_timestamp', 'given_timestamp',
            written.time_zone, written.date_order,
        ],
        'completed_at': [
            'parse_timestamp', 'completed_date',
            written.time_zone, written.date_order,
        ],
        'due_at': [
            'parse_timestamp', 'due_date',
            written.time_zone, written.date_order,
        ],
        'is_gone': ['parse_boolean', 'is_deleted'],
        '_changed_at': business_time('crm', 'activities'),
    }, **owner_columns())) }}

),

measured as (

    select
        *,
        coalesce(given_seconds, clock_seconds, case
            when ended_at >= happened_at
                then ({{ microseconds('ended_at') }}
                    - {{ microseconds('happened_at') }}) / 1000000.0
        end) as seconds
    from typed
    {{ cleaning.computed_once() }}

),

final as (

    select
        ---------- ids
        {{ kept_id('given_id') }} as activity_id,
        case
            when {{ has_object_prefix('given_contact_id', '00Q') }} then null
            when given_contact_id is null and given_contact_email like '%@%'
                then {{ name_reference('null', 'given_contact_email') }}
            else {{ linked_id('given_contact_id', 'given_contact_name') }}
        end as source_contact_id,
        coalesce({{ kept_id('given_opportunity_id') }}, case
            when {{ has_object_prefix('given_related_id', '006') }}
                then given_related_id
        end) as source_opportunity_id,
        case
            when {{ has_object_prefix('given_contact_id', '00Q') }}
                then given_contact_id
        end as source_lead_id,
        {{ named_reference('owner_given') }} as source_owner,

        ---------- text
        {{ bare_reference('owner_shown') }} as owner,
        is_owner_former,
        given_subject as subject,
        given_notes as notes,

        ---------- codes, as delivered
        given_type as source_type,
        given_outcome as source_outcome,

        ---------- measures
        coalesce(minutes, {{ rounded('seconds / 60') }}) as duration_minutes,
        is_gone as is_deleted,

        ---------- timestamps
        coalesce(happened_at, completed_at, due_at) as occurred_at,

        ---------- quality and lineage
        {{ row_findings(required_findings(
            'crm', 'activities', where='_is_system = 0'
        ) + [
            ['number_unreadable', 'duration_minutes',
                unreadable('duration_minutes', 'minutes')],
            ['duration_out_of_range', 'duration_minutes',
                'coalesce(minutes, seconds / 60) not between 0 and 1440'],
            ['number_unreadable', 'duration_text',
                unreadable('duration_text', 'clock_seconds')],
            ['date_unreadable', 'timestamp',
                unreadable_date('timestamp', 'happened_at')],
            ['date_unreadable', 'end_time',
                unreadable_date('end_time', 'ended_at')],
            ['date_in_future', 'timestamp', in_future('happened_at')],
        ] + written_findings(
            'crm', 'activities', [],
            'id, contact_id, opportunity_id, timestamp, end_time'
        )) }} as _findings,
        _changed_at,
        {{ lineage_columns() }}
    from measured

)

select * from final
