-- What is wrong with lines of the seed identity_overrides.
-- Grain: one row per line and fault.
{{ config(materialized='view') }}
{{ identity.identity_override_faults(
    ref('identity_overrides'), identity_models('clustered')
) }}
