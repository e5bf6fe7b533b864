-- What each finding weighs, as decisions of people move it.
-- Grain: one row per field, level, relation and move.
{{ config(materialized='steps') }}
{{ identity.identity_adjustments(
    'contacts',
    ref('int_contacts__normalized'),
    ref('int_contacts__compared'),
    ref('int_contacts__weighted'),
    ref('identity_overrides')
) }}
