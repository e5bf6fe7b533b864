-- What each finding weighs, learned from the records.
-- Grain: one row per field, level, relation and move.
{{ config(materialized='steps') }}
{{ identity.identity_weights(
    'labelled',
    ref('labelled__records'),
    ref('labelled__values'),
    ref('labelled__candidates')
) }}
