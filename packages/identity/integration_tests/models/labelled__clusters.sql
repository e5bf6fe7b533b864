-- The record that each record stands for.
-- Grain: one row per record.
{{ config(materialized='steps', unique_key='record_number') }}
{{ identity.identity_clusters(
    'labelled', ref('labelled__records'), ref('labelled__pairs')
) }}
