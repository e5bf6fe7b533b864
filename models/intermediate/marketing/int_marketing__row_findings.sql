-- The row rules broken by delivered form leads and list members.
-- Grain: one row per record, rule and column.
{{ source_row_findings('marketing') }}
