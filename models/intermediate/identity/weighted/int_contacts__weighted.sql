-- What each finding weighs, learned from the contacts.
-- Grain: one row per field, level, relation and move.
{{ identity_step('contacts', 'weighted') }}
