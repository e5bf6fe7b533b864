-- What each finding weighs, as decisions of people move it.
-- Grain: one row per field, level, relation and move.
{{ config(materialized='steps') }}
{{ identity.identity_adjustments(
    'leads',
    ref('int_leads__normalized'),
    ref('int_leads__compared'),
    ref('int_leads__weighted'),
    ref('identity_overrides')
) }}
