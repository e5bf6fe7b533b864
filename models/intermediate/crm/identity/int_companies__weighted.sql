-- What each finding weighs, learned from the companies.
-- Grain: one row per field, level, relation and move.
{{ config(materialized='steps') }}
{{ identity.identity_weights(
    'companies',
    ref('int_companies__normalized'),
    ref('int_companies__counted'),
    ref('int_companies__compared')
) }}
