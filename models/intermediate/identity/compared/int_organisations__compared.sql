-- Organisations of one block, and what their comparison finds.
-- Grain: one row per pair.
{{ identity_step('organisations', 'compared') }}
