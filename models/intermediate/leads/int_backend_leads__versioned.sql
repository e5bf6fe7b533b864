-- Records of the backend with the version of the lead that each stands for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='lead_uuid',
    indexes=[
        {'columns': ['lead_uuid', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['_file_id']},
        {'columns': ['email_hash']},
        {'columns': ['phone_hash']},
    ],
) }}
{%- set columns = {
    'lead_uuid': none,
    'email_hash': 'email_hash',
    'phone_hash': 'phone_hash',
} %}

with

delivered as (

    {{ touched_rows(ref('stg_leads__backend'), 'lead_uuid') }}

),

in_error as (

    {{ rows_in_error(ref('int_leads__row_findings'), 'backend') }}

),

marked as (

    select
        delivered.lead_uuid,
        delivered.email_hash,
        delivered.phone_hash,
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

),

files as (

    {{ delivered_files('leads', 'backend', columns.values()) }}

),

versioned as (

    {{ version_rows(
        'marked',
        key='lead_uuid',
        columns=columns,
        state=[
            'email_hash',
            'phone_hash',
        ],
    ) }}

),

final as (

    select
        lead_uuid,
        email_hash,
        phone_hash,
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
