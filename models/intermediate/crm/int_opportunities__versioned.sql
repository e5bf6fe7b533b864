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
        'source_company_id': 'company_id/company_name',
        'source_contact_id': 'contact_id/contact_name',
        'opportunity_name': 'name',
        'source_stage': 'stage',
        'source_product': 'product',
        'source_forecast_category': 'forecast_category',
        'amount_cents': 'amount',
        'given_amount': 'amount',
        'row_currency': 'currency',
        'amount_currency': 'amount',
        'source_status': 'status',
        'is_marked_won': 'is_won/probability',
        'is_deleted': 'is_deleted',
        'merged_into': 'merged_into',
        'merged_ids': 'merged_ids',
        'probability': 'probability',
        'is_marked_closed': 'is_closed',
        'created_at': 'created_date',
        'close_date': 'close_date/won_date/lost_date',
    },
    codes={
        'stage': ['opportunity_stage', 'source_stage'],
        'product': ['product', 'source_product'],
        'forecast_category': ['forecast_category', 'source_forecast_category'],
    },
    state={'given_amount': none},
    derived={
        'currency_code': amount_code(),
        'source_amount': foreign_amount('crm', 'opportunities', 'given_amount'),
        'is_gone': is_gone(),
    },
    types={
        'is_marked_won': 'boolean',
        'is_deleted': 'boolean',
        'amount_cents': 'bigint',
        'probability': 'double',
        'is_marked_closed': 'boolean',
    },
) }}
