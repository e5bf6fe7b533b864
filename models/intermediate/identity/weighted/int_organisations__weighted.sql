-- What each finding weighs, learned from the organisations.
-- Grain: one row per field, level, relation and move.
{{ identity_step('organisations', 'weighted') }}
