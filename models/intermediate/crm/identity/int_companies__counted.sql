-- How rare the values of companies are, as of when weights were learned.
-- Grain: one row per field and value that occurs more than once.
{{ config(
    materialized='steps',
    indexes=[{'columns': ['field', 'value', 'rarity']}],
) }}
{{ identity.step_watch(
    'select learned_file_id, learned_record_count from '
    ~ ref('int_companies__learned') ~ " where record_id = ''"
) }}
{{ identity.identity_values('companies', ref('int_companies__normalized')) }}
