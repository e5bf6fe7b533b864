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
    pairs=ref('int_contacts__paired'),
    clusters=ref('int_contacts__clustered'),
    records=ref('int_contacts__current'),
    amounts=ref('fct_opportunities'),
) }}
