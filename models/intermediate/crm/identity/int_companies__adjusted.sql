-- What each finding weighs, as decisions of people move it.
-- Grain: one row per field, level, relation and move.
{{ config(materialized='steps') }}
{{ identity.identity_adjustments(
    'companies',
    ref('int_companies__normalized'),
    ref('int_companies__compared'),
    ref('int_companies__weighted'),
    ref('identity_overrides')
) }}
