-- Licensed organisations through time, from the registers of all states: a
-- slowly changing dimension of type 2. A register whose mapping is faulty stays
-- out until it is put right.
-- Grain: one row per organisation and version.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='org_id',
    indexes=[
        {'columns': ['is_current', 'phone']},
        {'columns': ['zip', 'name_key']},
        {'columns': ['zip', 'street_key']},
        {'columns': ['email']},
    ],
) }}

with

checks as (

    select * from {{ ref('int_prospects__mapping_checks') }}

),

registers as (

    -- what was stopped comes in with the file that has the last column
    select
        register,
        max(ready_file_id) as ready_file_id
    from checks
    group by register
    having count(rule) = 0

),

versions as (

    select * from {{ ref('int_prospect_orgs__versioned') }}
    where
        row_status in ('current', 'superseded')
        and latest_file_id > {{ watermark() }}
        and register in (select ready.register from registers as ready)

    union all

    select * from {{ ref('int_prospect_orgs__versioned') }}
    where
        row_status in ('current', 'superseded')
        and latest_file_id <= {{ watermark() }}
        and register in (
            select ready.register from registers as ready
            where ready.ready_file_id > {{ watermark() }}
        )

),

final as (

    select
        org_id,
        version_number,
        valid_from,
        lead(valid_from) over (
            partition by org_id order by version_number
        ) as valid_to,
        row_status = 'current' as is_current,
        register as source_register,
        {%- for target in register_targets() %}
        {{ target }},
        {%- endfor %}
        state_key,
        name_key,
        street_key,
        _row_id,
        _file_id
    from versions

)

select * from final
