-- How rare the values of contacts are, as of the last full build.
-- Grain: one row per field and value that occurs more than once.
{{ config(
    materialized='steps',
    rebuild_at_size_of='int_contacts__normalized',
    indexes=[{'columns': ['field', 'value', 'rarity']}],
) }}
{{ identity_values('contacts', ref('int_contacts__normalized')) }}
