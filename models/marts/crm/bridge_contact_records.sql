-- Which contact each record of a source stands for.
-- Grain: one row per record.
{{ config(materialized='view') }}
{{ identity.identity_members(
    'contacts',
    'contact_id',
    'contact_record_id',
    'crm',
    clusters=ref('int_contacts__clustered'),
    records=ref('int_contacts__current'),
) }}
