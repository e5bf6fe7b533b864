-- Why records of persons were merged: of each pair that was compared, the
-- probability, and field by field what agreed, how rare it is and how much it
-- weighed.
-- Grain: one row per pair of records of one person, and field.
{{ config(materialized='view') }}
{{ identity.identity_merges(
    'people',
    'person_id',
    'record_id',
    records=ref('int_people__normalized'),
    values=ref('int_people__counted'),
    weights=ref('int_people__adjusted'),
    pairs=ref('int_people__paired'),
    clusters=ref('int_people__clustered'),
    overrides=ref('identity_overrides'),
) }}
