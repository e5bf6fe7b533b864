-- What each finding weighs, as decisions of people move it.
-- Grain: one row per field, level, relation and move.
{{ config(materialized='steps') }}
{{ identity.identity_adjustments(
    'labelled',
    ref('labelled__records'),
    ref('labelled__candidates'),
    ref('labelled__weights'),
    ref('identity_overrides')
) }}
