-- Why records were merged.
-- Grain: one row per pair of records of one person, and field.
{{ config(materialized='view') }}
{{ identity.identity_merges(
    'labelled',
    'golden_id',
    'record_id',
    records=ref('labelled__records'),
    values=ref('labelled__values'),
    weights=ref('labelled__adjusted'),
    pairs=ref('labelled__pairs'),
    clusters=ref('labelled__clusters'),
    overrides=ref('identity_overrides'),
) }}
