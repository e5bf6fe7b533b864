-- Contacts through time, as the source told it: a slowly changing dimension
-- of type 2.
-- Grain: one row per contact and version.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='contact_id',
) }}

with

versions as (

    select * from {{ ref('int_contacts__versioned') }}
    where
        row_status in ('current', 'superseded')
        and latest_file_id > {{ watermark() }}

),

final as (

    select
        contact_id,
        version_number,
        valid_from,
        lead(valid_from) over (
            partition by contact_id order by version_number
        ) as valid_to,
        row_status = 'current' as is_current,
        first_name,
        last_name,
        email,
        title,
        status,
        created_at,
        updated_at,
        source_company_id,
        source_phone,
        source_status,
        _row_id,
        _file_id
    from versions

)

select * from final
