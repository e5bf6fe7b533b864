-- Why records of organisations were merged: of each pair that was compared, the
-- probability, and field by field what agreed, how rare it is and how much it
-- weighed.
-- Grain: one row per pair of records of one organisation, and field.
{{ config(materialized='view') }}
{{ identity.identity_merges(
    'organisations',
    'organisation_id',
    'record_id',
    records=ref('int_organisations__normalized'),
    values=ref('int_organisations__counted'),
    weights=ref('int_organisations__adjusted'),
    pairs=ref('int_organisations__paired'),
    clusters=ref('int_organisations__clustered'),
    overrides=ref('identity_overrides'),
) }}
