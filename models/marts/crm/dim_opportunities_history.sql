-- Opportunities through time, as the source told it: a slowly changing
-- dimension of type 2.
-- Grain: one row per opportunity and version.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='opportunity_id',
) }}

with

versions as (

    select * from {{ ref('int_opportunities__versioned') }}
    where
        row_status in ('current', 'superseded')
        and latest_file_id > {{ watermark() }}

),

final as (

    select
        opportunity_id,
        version_number,
        valid_from,
        lead(valid_from) over (
            partition by opportunity_id order by version_number
        ) as valid_to,
        row_status = 'current' as is_current,
        opportunity_name,
        product,
        stage,
        forecast_category,
        amount_cents,
        source_amount,
        probability,
        created_at,
        close_date,
        is_marked_closed,
        source_company_id,
        source_contact_id,
        source_product,
        source_stage,
        source_forecast_category,
        _row_id,
        _file_id
    from versions

)

select * from final
