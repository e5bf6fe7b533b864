-- When weights of people were learned, and which records would differ now.
-- Grain: one row per record that would differ, and one without a record.
{{ config(rebuild_at_size_of='int_people__normalized') }}
{{ identity_step('people', 'learned') }}
