-- Delivered contacts with the version of the contact that each stands for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='contact_id',
    indexes=[
        {'columns': ['contact_id', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
        {'columns': ['source_company_id']},
    ],
) }}
{%- set columns = {
    'contact_id': none,
    'email': none,
    'source_company_id': 'company_id',
    'first_name': 'first_name',
    'last_name': 'last_name',
    'source_phone': 'phone',
    'phone_key': 'phone',
    'title': 'title',
    'source_status': 'status',
    'status': 'status',
    'created_at': 'created_date',
    'updated_at': 'last_modified',
} %}

with

delivered as (

    {{ touched_rows(ref('stg_crm__contacts'), 'contact_id') }}

),

in_error as (

    {{ rows_in_error(ref('int_crm__row_findings'), 'contacts') }}

),

respelt as (

    {{ varied_keys('delivered', 'contact_id', 'source_phone') }}

),

coded as (

    select
        delivered.contact_id,
        delivered.source_company_id,
        delivered.first_name,
        delivered.last_name,
        delivered.email,
        delivered.source_phone,
        delivered.title,
        delivered.source_status,
        delivered.created_at,
        delivered.updated_at,
        status.code as status,
        case
            when respelt.contact_id is null then delivered.source_phone
            else {{ phone_alike('delivered.source_phone') }}
        end as phone_key,
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
    left join respelt on delivered.contact_id = respelt.contact_id
    left join {{ ref('int_crm__codes') }} as status
        on
            status.lookup = 'contact_status'
            and status.source_value
            = {{ cleaning.code_key('delivered.source_status') }}

),

files as (

    {{ delivered_files('crm', 'contacts', columns.values()) }}

),

versioned as (

    {{ version_rows(
        'coded',
        key='contact_id',
        columns=columns,
        state=[
            'source_company_id',
            'first_name',
            'last_name',
            'email',
            'phone_key',
            'title',
            'coalesce(status, ' ~ cleaning.code_key('source_status') ~ ')',
            'created_at',
        ],
    ) }}

),

final as (

    select
        contact_id,
        source_company_id,
        first_name,
        last_name,
        email,
        source_phone,
        title,
        source_status,
        created_at,
        coalesce(last_changed_at, updated_at) as updated_at,
        status,
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
