-- How rare the values of people are, as of when weights were learned.
-- Grain: one row per field and value that occurs more than once.
{{ identity_step('people', 'counted') }}
