-- Leads of one block, and what their comparison finds.
-- Grain: one row per pair.
{{ config(
    materialized='steps',
    indexes=[{'columns': ['record_a']}, {'columns': ['record_b']}],
) }}
{{ identity.identity_candidates(
    'leads',
    ref('int_leads__normalized'),
    ref('int_leads__blocked'),
    ref('int_leads__counted')
) }}
