{{ config(materialized='steps') }}
{{ identity_pairs(
    'labelled',
    ref('labelled__records'),
    ref('labelled__candidates'),
    ref('labelled__adjusted'),
    ref('identity_overrides')
) }}
