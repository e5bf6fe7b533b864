-- Leads in the forms in which their fields are compared.
-- Grain: one row per record.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='record_number',
    indexes=[
        {'columns': ['record_number'], 'unique': true},
        {'columns': ['record_id']},
        {'columns': ['latest_file_id']},
    ],
) }}
{{ identity.identity_records('leads', ref('int_leads__current')) }}
