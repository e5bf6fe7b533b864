-- Which record each field of a company comes from, where several describe it,
-- by the rules of survivorship.
-- Grain: one row per company of several records, and field.
{{ config(materialized='view') }}
{{ identity.identity_winners(
    'companies',
    'company_id',
    'company_record_id',
    clusters=ref('int_companies__clustered'),
    records=ref('int_companies__current'),
) }}
