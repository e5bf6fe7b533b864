{{ config(
    materialized='steps',
    indexes=[{'columns': ['record_a']}, {'columns': ['record_b']}],
) }}
{{ identity_candidates(
    'labelled',
    ref('labelled__records'),
    ref('labelled__keys'),
    ref('labelled__values')
) }}
