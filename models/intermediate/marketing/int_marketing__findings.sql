-- What is wrong with delivered form leads and list members.
-- Grain: one row per record, rule and column.
{{ source_findings('marketing') }}
