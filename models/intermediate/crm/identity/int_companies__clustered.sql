-- The company that each record stands for.
-- Grain: one row per record.
{{ config(
    materialized='steps',
    unique_key='record_number',
    indexes=[
        {'columns': ['record_number'], 'unique': true},
        {'columns': ['record_id']},
        {'columns': ['cluster_id']},
        {'columns': ['latest_file_id']},
    ],
) }}
{{ identity.identity_clusters(
    'companies', ref('int_companies__normalized'), ref('int_companies__paired')
) }}
