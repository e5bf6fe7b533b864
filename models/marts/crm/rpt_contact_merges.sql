-- Why records of contacts were merged: of each pair that was compared, the
-- probability, and field by field what agreed, how rare it is and how much it
-- weighed.
-- Grain: one row per pair of records of one contact, and field.
{{ config(materialized='view') }}
{{ identity.identity_merges(
    'contacts',
    'contact_id',
    'contact_record_id',
    records=ref('int_contacts__normalized'),
    values=ref('int_contacts__counted'),
    weights=ref('int_contacts__adjusted'),
    pairs=ref('int_contacts__paired'),
    clusters=ref('int_contacts__clustered'),
    overrides=ref('identity_overrides'),
) }}
