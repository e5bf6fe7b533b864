{{ config(materialized='steps') }}
{{ identity_adjustments(
    'labelled',
    ref('labelled__records'),
    ref('labelled__candidates'),
    ref('labelled__weights'),
    ref('identity_overrides')
) }}
