-- Opportunities through time, as the source told it: a slowly changing
-- dimension of type 2.
-- Grain: one row per opportunity and version.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='opportunity_id',
) }}
{{ version_history(ref('int_opportunities__versioned'), ['opportunity_id'], [
    'opportunity_name',
    'product',
    'stage',
    'forecast_category',
    'amount_cents',
    'currency_code',
    'source_amount',
    'probability',
    'is_deleted',
    'merged_into',
    'created_at',
    'close_date',
    'is_marked_closed',
    'source_status',
    'source_company_id',
    'source_contact_id',
    'source_product',
    'source_stage',
    'source_forecast_category',
]) }}
