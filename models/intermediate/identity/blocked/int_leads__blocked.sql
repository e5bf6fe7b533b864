-- The blocks in which leads are compared.
-- Grain: one row per record and block.
{{ identity_step('leads', 'blocked') }}
