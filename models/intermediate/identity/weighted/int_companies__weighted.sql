-- What each finding weighs, learned from the companies.
-- Grain: one row per field, level, relation and move.
{{ identity_step('companies', 'weighted') }}
