-- Pairs of contacts and what they weigh, decisions of people included.
-- Grain: one row per pair.
{{ config(
    materialized='steps',
    indexes=[{'columns': ['record_a']}, {'columns': ['record_b']}],
) }}
{{ identity.identity_pairs(
    'contacts',
    ref('int_contacts__normalized'),
    ref('int_contacts__compared'),
    ref('int_contacts__adjusted'),
    ref('identity_overrides')
) }}
