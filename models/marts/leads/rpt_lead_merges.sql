-- Why records of leads were merged: of each pair that was compared, the
-- probability, and field by field what agreed, how rare it is and how much it
-- weighed.
-- Grain: one row per pair of records of one person, and field.
{{ config(materialized='view') }}
{{ identity.identity_merges('leads', 'primary_lead_number', 'lead_number') }}
