-- How rare the values of leads are, as of the last full build.
-- Grain: one row per field and value that occurs more than once.
{{ config(
    materialized='steps',
    rebuild_at_size_of='int_leads__normalized',
    indexes=[{'columns': ['field', 'value', 'rarity']}],
) }}
{{ identity_values('leads', ref('int_leads__normalized')) }}
