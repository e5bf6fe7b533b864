-- How rare the values of organisations are, as of when weights were learned.
-- Grain: one row per field and value that occurs more than once.
{{ identity_step('organisations', 'counted') }}
