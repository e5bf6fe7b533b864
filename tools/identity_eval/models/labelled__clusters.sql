{{ config(materialized='steps', unique_key='record_number') }}
{{ identity_clusters(
    'labelled', ref('labelled__records'), ref('labelled__pairs')
) }}
