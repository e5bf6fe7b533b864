-- Companies of one block, and what their comparison finds.
-- Grain: one row per pair.
{{ config(
    materialized='steps',
    indexes=[{'columns': ['record_a']}, {'columns': ['record_b']}],
) }}
{{ identity.identity_candidates(
    'companies',
    ref('int_companies__normalized'),
    ref('int_companies__blocked'),
    ref('int_companies__counted')
) }}
