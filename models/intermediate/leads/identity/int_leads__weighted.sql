-- What each finding weighs, learned from the leads.
-- Grain: one row per field, level, relation and move.
{{ config(materialized='steps') }}
{{ identity.identity_weights(
    'leads',
    ref('int_leads__normalized'),
    ref('int_leads__counted'),
    ref('int_leads__compared')
) }}
