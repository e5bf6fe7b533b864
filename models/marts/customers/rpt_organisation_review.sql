-- Pairs of organisations' records that nobody can be sure of, for a person to
-- decide in identity_overrides; what concerns the most money first.
-- Grain: one row per pair of records.
{{ config(materialized='view') }}
{{ identity.identity_review(
    'organisations',
    'organisation_id',
    'record_id',
    shown="coalesce(organisation_name, '') || coalesce(' <' || domain || '>', '')
        || coalesce(' ' || phone, '') || coalesce(', ' || city, '')
        || ' (' || source_name || ')'",
    label='organisation',
    pairs=ref('int_organisations__paired'),
    clusters=ref('int_organisations__clustered'),
    records=ref('int_organisations__current'),
    amounts=ref('fct_opportunities'),
) }}
