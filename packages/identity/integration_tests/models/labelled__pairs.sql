-- Pairs and what they weigh, decisions of people included.
-- Grain: one row per pair.
{{ config(materialized='steps') }}
{{ identity.identity_pairs(
    'labelled',
    ref('labelled__records'),
    ref('labelled__candidates'),
    ref('labelled__adjusted'),
    ref('identity_overrides')
) }}
