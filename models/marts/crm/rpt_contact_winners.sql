-- Which record each field of a contact comes from, where several describe it,
-- by the rules of survivorship.
-- Grain: one row per contact of several records, and field.
{{ config(materialized='view') }}
{{ identity.identity_winners(
    'contacts',
    'contact_id',
    'contact_record_id',
    clusters=ref('int_contacts__clustered'),
    records=ref('int_contacts__current'),
) }}
