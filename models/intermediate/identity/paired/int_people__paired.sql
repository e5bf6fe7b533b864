-- Pairs of people and what they weigh, decisions of people included.
-- Grain: one row per pair.
{{ identity_step('people', 'paired') }}
