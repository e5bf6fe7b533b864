-- Delivered companies with the version of the company that each belongs to.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='company_id',
    indexes=[
        {'columns': ['company_id', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
        {'columns': ['source_owner']},
    ],
) }}
{%- set written = source_settings('crm', 'companies') %}
{{ judged_versions(
    'crm',
    'companies',
    'company_id',
    columns={
        'company_name': 'name',
        'source_owner': 'owner/owner_name',
        'city': 'city',
        'state': 'state',
        'domain': 'domain',
        'source_industry': 'industry',
        'source_size': 'size',
        'size_code': 'size',
        'source_country': 'country',
        'is_customer': 'is_customer',
        'annual_revenue_cents': 'annual_revenue',
        'given_annual_revenue': 'annual_revenue',
        'row_currency': 'currency',
        'amount_currency': 'annual_revenue',
        'is_deleted': 'is_deleted',
        'merged_into': 'merged_into',
        'merged_ids': 'merged_ids',
        'created_at': 'created_date',
    },
    codes={
        'industry': ['industry', 'source_industry'],
        'size_band': ['size_band', 'size_code'],
    },
    countries={'country_code': 'source_country'},
    state={
        'given_annual_revenue': finer_units(
            'given_annual_revenue', written.decimal_mark
        ),
    },
    shown={'industry': 'coalesce(industry, source_industry)'},
    derived={
        'annual_revenue_minor': minor_units(
            'annual_revenue_cents', 'given_annual_revenue', written.decimal_mark
        ),
        'annual_revenue_currency': amount_code(),
    },
    currency=amount_code(),
    types={
        'is_customer': 'boolean',
        'annual_revenue_cents': 'bigint',
        'is_deleted': 'boolean',
    },
    absences=ref('int_crm__absences'),
) }}
