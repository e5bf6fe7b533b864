-- When weights were learned, and how many records would differ by now.
-- Grain: one row per entity.
{{ config(materialized='view') }}
{{ identity.identity_drift(
    identity_models('learned'), identity_models('clustered')
) }}
