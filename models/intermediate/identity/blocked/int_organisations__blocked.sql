-- The blocks in which organisations are compared.
-- Grain: one row per record and block.
{{ identity_step('organisations', 'blocked') }}
