-- Why records of companies were merged: of each pair that was compared, the
-- probability, and field by field what agreed, how rare it is and how much it
-- weighed.
-- Grain: one row per pair of records of one company, and field.
{{ config(materialized='view') }}
{{ identity.identity_merges(
    'companies',
    'company_id',
    'company_record_id',
    records=ref('int_companies__normalized'),
    values=ref('int_companies__counted'),
    weights=ref('int_companies__adjusted'),
    pairs=ref('int_companies__paired'),
    clusters=ref('int_companies__clustered'),
    overrides=ref('identity_overrides'),
    what='company',
) }}
