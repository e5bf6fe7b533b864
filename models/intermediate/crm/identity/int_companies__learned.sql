-- When weights of companies were learned, and which records would differ now.
-- Grain: one row per record that would differ, and one without a record.
{{ config(
    materialized='steps',
    rebuild_at_size_of='int_companies__normalized',
) }}
{{ identity.identity_learning(
    'companies',
    ref('int_companies__normalized'),
    ref('int_companies__blocked'),
    ref('identity_overrides'),
    ref('stg_ingest__files'),
    'int_companies'
) }}
