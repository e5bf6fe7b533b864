-- Pairs of organisations and what they weigh, decisions of people included.
-- Grain: one row per pair.
{{ identity_step('organisations', 'paired') }}
