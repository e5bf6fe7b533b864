-- The row rules broken by what shop and payment systems deliver.
-- Grain: one row per record, rule and column.
{{ source_row_findings('commerce') }}
