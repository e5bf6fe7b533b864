-- The blocks in which contacts are compared.
-- Grain: one row per record and block.
{{ identity_step('contacts', 'blocked') }}
