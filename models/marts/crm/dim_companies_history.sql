-- Companies through time, as the source told it: a slowly changing dimension
-- of type 2.
-- Grain: one row per company and version.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='company_id',
) }}

with

versions as (

    select * from {{ ref('int_companies__versioned') }}
    where
        row_status in ('current', 'superseded')
        and latest_file_id > {{ watermark() }}

),

final as (

    select
        company_id,
        version_number,
        valid_from,
        lead(valid_from) over (
            partition by company_id order by version_number
        ) as valid_to,
        row_status = 'current' as is_current,
        company_name,
        domain,
        industry,
        size_band,
        country_code,
        is_customer,
        annual_revenue_cents,
        created_at,
        source_industry,
        source_size,
        source_country,
        _row_id,
        _file_id
    from versions

)

select * from final
