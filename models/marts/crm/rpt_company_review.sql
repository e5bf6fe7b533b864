-- Pairs of companies' records that nobody can be sure of, for a person to
-- decide in identity_overrides; what concerns the most money first.
-- Grain: one row per pair of records.
{{ config(materialized='view') }}
{{ identity.identity_review(
    'companies',
    'company_id',
    'company_record_id',
    shown="coalesce(company_name, '') || coalesce(' (' || domain || ')', '')",
    label='company',
    pairs=ref('int_companies__paired'),
    clusters=ref('int_companies__clustered'),
    records=ref('int_companies__current'),
    amounts=ref('fct_opportunities'),
) }}
