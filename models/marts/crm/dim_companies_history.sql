-- Companies through time, as the source had it: a slowly changing dimension
-- of type 2.
-- Grain: one row per company and version.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='company_id',
) }}
{{ version_history(ref('int_companies__versioned'), ['company_id'], [
    'company_name',
    'domain',
    'source_owner as owner_id',
    'city',
    'state',
    'industry',
    'size_band',
    'country_code',
    'is_customer',
    'annual_revenue_cents',
    main_units('annual_revenue_minor', 'annual_revenue_currency')
    ~ ' as annual_revenue',
    'annual_revenue_minor',
    'annual_revenue_currency',
    'is_deleted',
    'merged_into',
    'created_at',
    'source_industry',
    'source_size',
    'source_country',
]) }}
