-- Rows of the registers with the version of the organisation that each stands
-- for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='org_id',
    indexes=[
        {'columns': ['org_id', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
    ],
) }}

with

delivered as (

    {{ touched_rows(ref('int_prospects__unified'), 'org_id') }}

),

versioned as (

    {{ version_rows('delivered', key='org_id', state=['state_key']) }}

),

final as (

    select
        org_id,
        register,
        {%- for target in register_targets() %}
        {{ target }},
        {%- endfor %}
        state_key,
        name_key,
        street_key,
        version_number,
        row_status,
        valid_from,
        latest_file_id,
        _findings,
        _row_id,
        _file_id,
        _record,
        _line,
        _loaded_at
    from versioned

)

select * from final
