-- When weights of organisations were learned, and which records would differ
-- now.
-- Grain: one row per record that would differ, and one without a record.
{{ config(rebuild_at_size_of='int_organisations__normalized') }}
{{ identity_step('organisations', 'learned') }}
