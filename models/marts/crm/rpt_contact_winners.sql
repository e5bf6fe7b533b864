-- Which record each field of a contact comes from, where several describe it,
-- by the rules of the seed survivorship.
-- Grain: one row per contact of several records, and field.
{{ config(materialized='view') }}
{{ identity.identity_winners('contacts', 'contact_id', 'contact_record_id') }}
