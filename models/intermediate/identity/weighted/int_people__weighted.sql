-- What each finding weighs, learned from the people.
-- Grain: one row per field, level, relation and move.
{{ identity_step('people', 'weighted') }}
