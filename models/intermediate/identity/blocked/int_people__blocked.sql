-- The blocks in which people are compared.
-- Grain: one row per record and block.
{{ identity_step('people', 'blocked') }}
