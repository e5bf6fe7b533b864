-- What each finding weighs, learned from the leads.
-- Grain: one row per field, level, relation and move.
{{ identity_step('leads', 'weighted') }}
