-- Pairs of leads' records that nobody can be sure of, for a person to decide
-- in identity_overrides; the least sure first.
-- Grain: one row per pair of records.
{{ config(materialized='view') }}
{{ identity.identity_review(
    'leads',
    'primary_lead_number',
    'lead_number',
    shown="coalesce(city || ' ', '') || coalesce(zip, '')
        || coalesce(', entered ' || entry_date, '')",
    label='lead',
    pairs=ref('int_leads__paired'),
    clusters=ref('int_leads__clustered'),
    records=ref('int_leads__current'),
) }}
