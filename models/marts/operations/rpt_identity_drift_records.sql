-- Records that would have another golden record if weights were learned anew.
-- Grain: one row per entity and record.
{{ config(materialized='view') }}
{{ identity.identity_drift_records(identity_models('learned')) }}
