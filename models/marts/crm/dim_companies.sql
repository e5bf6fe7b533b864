-- Companies as last delivered.
-- Grain: one row per company.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='company_id',
    indexes=[{'columns': ['latest_file_id']}],
) }}

with

companies as (

    {{ touched_states(ref('int_companies__versioned'), 'company_id') }}

),

final as (

    select
        company_id,
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
        latest_file_id,
        _row_id,
        _file_id
    from companies

)

select * from final
