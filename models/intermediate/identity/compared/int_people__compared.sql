-- People of one block, and what their comparison finds.
-- Grain: one row per pair.
{{ identity_step('people', 'compared') }}
