-- Pairs of persons' records that nobody can be sure of, for a person to decide
-- in identity_overrides; what concerns the most money first.
-- Grain: one row per pair of records.
{{ config(materialized='view') }}
{{ identity.identity_review(
    'people',
    'person_id',
    'record_id',
    shown="coalesce(nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''), full_name, '')
        || coalesce(' <' || email || '>', '') || coalesce(' ' || phone, '')
        || coalesce(', ' || company_name, '') || ' (' || source_name || ')'",
    label='person',
    pairs=ref('int_people__paired'),
    clusters=ref('int_people__clustered'),
    records=ref('int_people__current'),
    amounts=ref('fct_opportunities'),
) }}
