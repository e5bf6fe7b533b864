-- What each finding weighs, learned from the contacts.
-- Grain: one row per field, level, relation and move.
{{ config(materialized='steps') }}
{{ identity.identity_weights(
    'contacts',
    ref('int_contacts__normalized'),
    ref('int_contacts__counted'),
    ref('int_contacts__compared')
) }}
