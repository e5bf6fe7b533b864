-- Delivered opportunities with the version of the deal that each stands for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='opportunity_id',
    indexes=[
        {'columns': ['opportunity_id', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
        {'columns': ['source_company_id']},
        {'columns': ['source_contact_id']},
    ],
) }}
{{ judged_versions(
    'crm',
    'opportunities',
    'opportunity_id',
    columns={
        'source_company_id': 'company_id',
        'source_contact_id': 'contact_id',
        'opportunity_name': 'name',
        'source_stage': 'stage',
        'source_product': 'product',
        'source_forecast_category': 'forecast_category',
        'amount_cents': 'amount',
        'source_amount': 'amount',
        'probability': 'probability',
        'is_marked_closed': 'is_closed',
        'created_at': 'created_date',
        'close_date': 'close_date',
    },
    codes={
        'stage': ['opportunity_stage', 'source_stage'],
        'product': ['product', 'source_product'],
        'forecast_category': ['forecast_category', 'source_forecast_category'],
    },
    types={
        'amount_cents': 'bigint',
        'probability': 'double',
        'is_marked_closed': 'boolean',
    },
) }}
