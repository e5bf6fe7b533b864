-- Which contact each record of a source stands for.
-- Grain: one row per record.
{{ config(materialized='view') }}
{{ identity.identity_members(
    'contacts', 'contact_id', 'contact_record_id', 'crm'
) }}
