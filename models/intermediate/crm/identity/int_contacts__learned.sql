-- When weights of contacts were learned, and which records would differ now.
-- Grain: one row per record that would differ, and one without a record.
{{ config(
    materialized='steps',
    rebuild_at_size_of='int_contacts__normalized',
) }}
{{ identity.identity_learning(
    'contacts',
    ref('int_contacts__normalized'),
    ref('int_contacts__blocked'),
    ref('identity_overrides'),
    ref('stg_ingest__files'),
    'int_contacts'
) }}
