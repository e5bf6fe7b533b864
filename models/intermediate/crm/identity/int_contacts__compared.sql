-- Contacts of one block, and what their comparison finds.
-- Grain: one row per pair.
{{ config(
    materialized='steps',
    indexes=[{'columns': ['record_a']}, {'columns': ['record_b']}],
) }}
{{ identity.identity_candidates(
    'contacts',
    ref('int_contacts__normalized'),
    ref('int_contacts__blocked'),
    ref('int_contacts__counted')
) }}
