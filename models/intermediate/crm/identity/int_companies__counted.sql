-- How rare the values of companies are, as of the last full build.
-- Grain: one row per field and value that occurs more than once.
{{ config(
    materialized='steps',
    rebuild_at_size_of='int_companies__normalized',
    indexes=[{'columns': ['field', 'value', 'rarity']}],
) }}
{{ identity_values('companies', ref('int_companies__normalized')) }}
