-- Records of one block, and what their comparison finds.
-- Grain: one row per pair.
{{ config(
    materialized='steps',
    indexes=[{'columns': ['record_a']}, {'columns': ['record_b']}],
) }}
{{ identity.identity_candidates(
    'labelled',
    ref('labelled__records'),
    ref('labelled__keys'),
    ref('labelled__values')
) }}
