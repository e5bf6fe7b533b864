-- The company that each record stands for.
-- Grain: one row per record.
{{ identity_step('companies', 'clustered') }}
