-- Delivered activities with the version of the activity that each stands for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='activity_id',
    indexes=[
        {'columns': ['activity_id', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
        {'columns': ['source_contact_id']},
        {'columns': ['source_opportunity_id']},
    ],
) }}
{%- set columns = {
    'activity_id': none,
    'source_contact_id': 'contact_id',
    'source_opportunity_id': 'opportunity_id',
    'source_type': 'type',
    'subject': 'subject',
    'occurred_at': 'timestamp',
    'duration_minutes': 'duration_minutes',
    'source_outcome': 'outcome',
    'notes': 'notes',
    'activity_type': 'type',
    'outcome': 'outcome',
} %}

with

delivered as (

    {{ touched_rows(ref('stg_crm__activities'), 'activity_id') }}

),

in_error as (

    {{ rows_in_error(ref('int_crm__row_findings'), 'activities') }}

),

coded as (

    select
        delivered.activity_id,
        delivered.source_contact_id,
        delivered.source_opportunity_id,
        delivered.source_type,
        delivered.subject,
        delivered.occurred_at,
        delivered.duration_minutes,
        delivered.source_outcome,
        delivered.notes,
        activity_type.code as activity_type,
        outcome.code as outcome,
        delivered._changed_at,
        delivered._row_id,
        delivered._file_id,
        delivered._record,
        delivered._line,
        delivered._delivered_at,
        delivered._loaded_at,
        in_error._row_id is not null as is_error
    from delivered
    left join in_error on delivered._row_id = in_error._row_id
    left join {{ ref('int_crm__codes') }} as activity_type
        on
            activity_type.lookup = 'activity_type'
            and activity_type.source_value
            = {{ cleaning.code_key('delivered.source_type') }}
    left join {{ ref('int_crm__codes') }} as outcome
        on
            outcome.lookup = 'activity_outcome'
            and outcome.source_value
            = {{ cleaning.code_key('delivered.source_outcome') }}

),

files as (

    {{ delivered_files('crm', 'activities', columns.values()) }}

),

versioned as (

    {{ version_rows(
        'coded',
        key='activity_id',
        columns=columns,
        state=[
            'source_contact_id',
            'source_opportunity_id',
            'coalesce(activity_type, ' ~ cleaning.code_key('source_type') ~ ')',
            'subject',
            'occurred_at',
            'duration_minutes',
            'coalesce(outcome, ' ~ cleaning.code_key('source_outcome') ~ ')',
            'notes',
        ],
        types={'duration_minutes': 'bigint'},
    ) }}

),

final as (

    select
        activity_id,
        source_contact_id,
        source_opportunity_id,
        source_type,
        subject,
        occurred_at,
        duration_minutes,
        source_outcome,
        notes,
        activity_type,
        outcome,
        version_number,
        row_status,
        valid_from,
        latest_file_id,
        _row_id,
        _file_id,
        _record,
        _line,
        _loaded_at
    from versioned

)

select * from final
