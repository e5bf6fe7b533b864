-- Pairs of companies and what they weigh, decisions of people included.
-- Grain: one row per pair.
{{ config(
    materialized='steps',
    indexes=[{'columns': ['record_a']}, {'columns': ['record_b']}],
) }}
{{ identity.identity_pairs(
    'companies',
    ref('int_companies__normalized'),
    ref('int_companies__compared'),
    ref('int_companies__adjusted'),
    ref('identity_overrides')
) }}
