-- Which lead numbers are one person: the lead of the earliest entry stands for
-- them all.
-- Grain: one row per lead number.
{{ config(materialized='view') }}
{{ identity.identity_members(
    'leads',
    'primary_lead_number',
    'lead_number',
    'leads',
    clusters=ref('int_leads__clustered'),
    records=ref('int_leads__current'),
) }}
