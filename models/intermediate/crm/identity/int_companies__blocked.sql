-- The blocks in which companies are compared.
-- Grain: one row per record and block.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='record_number',
    indexes=[
        {'columns': ['block_key', 'block_limit', 'record_number']},
        {'columns': ['record_number']},
    ],
) }}
{{ identity.identity_keys('companies', ref('int_companies__normalized')) }}
