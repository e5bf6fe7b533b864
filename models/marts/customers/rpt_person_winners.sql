-- Which record each field of a person comes from, where several describe it,
-- by the rules of survivorship.
-- Grain: one row per person of several records, and field.
{{ config(materialized='view') }}
{{ identity.identity_winners(
    'people',
    'person_id',
    'record_id',
    clusters=ref('int_people__clustered'),
    records=ref('int_people__current'),
) }}
