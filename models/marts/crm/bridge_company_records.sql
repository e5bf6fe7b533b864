-- Which company each record of a source stands for.
-- Grain: one row per record.
{{ config(materialized='view') }}
{{ identity.identity_members(
    'companies',
    'company_id',
    'company_record_id',
    'crm',
    clusters=ref('int_companies__clustered'),
    records=ref('int_companies__current'),
) }}
