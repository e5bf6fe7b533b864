{{ config(materialized='steps') }}
{{ identity_clusters(
    'labelled', ref('labelled__records'), ref('labelled__pairs')
) }}
