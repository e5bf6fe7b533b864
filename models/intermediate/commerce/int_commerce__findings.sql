-- What is wrong with what shop and payment systems deliver.
-- Grain: one row per record, rule and column.
{{ source_findings('commerce') }}
