-- The lead that each record stands for.
-- Grain: one row per record.
{{ identity_step('leads', 'clustered') }}
