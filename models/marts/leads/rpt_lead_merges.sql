-- Why records of leads were merged: of each pair that was compared, the
-- probability, and field by field what agreed, how rare it is and how much it
-- weighed.
-- Grain: one row per pair of records of one person, and field.
{{ config(materialized='view') }}
{{ identity.identity_merges(
    'leads',
    'primary_lead_number',
    'lead_number',
    records=ref('int_leads__normalized'),
    values=ref('int_leads__counted'),
    weights=ref('int_leads__adjusted'),
    pairs=ref('int_leads__paired'),
    clusters=ref('int_leads__clustered'),
    overrides=ref('identity_overrides'),
) }}
