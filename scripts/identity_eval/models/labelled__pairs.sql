{{ config(materialized='steps') }}
{{ identity_pairs(
    'labelled',
    ref('labelled__records'),
    ref('labelled__keys'),
    ref('labelled__values'),
    ref('labelled__weights'),
    ref('identity_overrides')
) }}
