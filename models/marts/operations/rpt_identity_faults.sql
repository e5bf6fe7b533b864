-- Lines of the seed identity_overrides that decide nothing, and why.
-- Grain: one row per line and fault.
{{ config(materialized='view') }}
{{ identity_override_faults() }}
