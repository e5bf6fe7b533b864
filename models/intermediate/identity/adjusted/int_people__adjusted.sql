-- What each finding weighs, as decisions of people move it.
-- Grain: one row per field, level, relation and move.
{{ identity_step('people', 'adjusted') }}
