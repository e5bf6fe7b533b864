-- Pairs of contacts' records that nobody can be sure of, for a person to decide
-- in identity_overrides; what concerns the most money first.
-- Grain: one row per pair of records.
{{ config(materialized='view') }}
{{ identity.identity_review(
    'contacts',
    'contact_id',
    'contact_record_id',
    shown="coalesce(first_name || ' ', '') || coalesce(last_name, '')
        || coalesce(' <' || email || '>', '')",
    label='contact',
    amounts=ref('fct_opportunities'),
) }}
