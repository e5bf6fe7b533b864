{{ config(materialized='steps') }}
{{ identity_weights(
    'labelled',
    ref('labelled__records'),
    ref('labelled__values'),
    ref('labelled__candidates')
) }}
