-- The blocks in which companies are compared.
-- Grain: one row per record and block.
{{ identity_step('companies', 'blocked') }}
