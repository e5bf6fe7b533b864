-- The person that each record stands for.
-- Grain: one row per record.
{{ identity_step('people', 'clustered') }}
