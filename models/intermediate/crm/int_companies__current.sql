-- Companies as last delivered, one for each record of the source.
-- Grain: one row per company of the source.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='company_id',
    indexes=[
        {'columns': ['company_id'], 'unique': true},
        {'columns': ['record_number']},
        {'columns': ['touched_file_id']},
    ],
) }}

with

companies as (

    {{ touched_states(ref('int_companies__versioned'), 'company_id') }}

),

final as (

    select
        company_id,
        (
            select min(records._row_id) as first_row_id
            from {{ ref('int_companies__versioned') }} as records
            where records.company_id = companies.company_id
        ) as record_number,
        company_name,
        domain,
        industry,
        size_band,
        country_code,
        is_customer,
        annual_revenue_cents,
        annual_revenue_minor,
        annual_revenue_currency,
        is_gone,
        created_at,
        source_industry,
        source_size,
        source_country,
        latest_file_id,
        latest_file_id as touched_file_id,
        _row_id,
        _file_id
    from companies

)

select * from final
