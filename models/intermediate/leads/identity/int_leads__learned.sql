-- When weights of leads were learned, and which records would differ now.
-- Grain: one row per record that would differ, and one without a record.
{{ config(
    materialized='steps',
    rebuild_at_size_of='int_leads__normalized',
) }}
{{ identity.identity_learning(
    'leads',
    ref('int_leads__normalized'),
    ref('int_leads__blocked'),
    ref('identity_overrides'),
    ref('stg_ingest__files'),
    'int_leads'
) }}
