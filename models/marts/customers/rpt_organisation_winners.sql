-- Which record each field of an organisation comes from, where several describe
-- it, by the rules of survivorship.
-- Grain: one row per organisation of several records, and field.
{{ config(materialized='view') }}
{{ identity.identity_winners(
    'organisations',
    'organisation_id',
    'record_id',
    clusters=ref('int_organisations__clustered'),
    records=ref('int_organisations__current'),
) }}
