-- Contacts through time, as the source had it: a slowly changing dimension
-- of type 2.
-- Grain: one row per contact and version.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='contact_id',
) }}
{{ version_history(ref('int_contacts__versioned'), ['contact_id'], [
    'first_name',
    'last_name',
    'email',
    'title',
    'status',
    'source_owner as owner_id',
    'lead_status',
    'lead_source',
    'city',
    'state',
    'source_country',
    'is_deleted',
    'merged_into',
    'created_at',
    'updated_at',
    'source_company_id',
    'source_phone',
    'source_status',
    'source_lead_source',
]) }}
