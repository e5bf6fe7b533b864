{{ config(materialized='steps') }}
{{ identity_weights(
    'labelled',
    ref('labelled__records'),
    ref('labelled__keys'),
    ref('labelled__values')
) }}
