-- Pairs of leads and what they weigh, decisions of people included.
-- Grain: one row per pair.
{{ config(
    materialized='steps',
    indexes=[{'columns': ['record_a']}, {'columns': ['record_b']}],
) }}
{{ identity.identity_pairs(
    'leads',
    ref('int_leads__normalized'),
    ref('int_leads__compared'),
    ref('int_leads__adjusted'),
    ref('identity_overrides')
) }}
