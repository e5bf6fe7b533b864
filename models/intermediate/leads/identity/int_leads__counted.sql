-- How rare the values of leads are, as of when weights were learned.
-- Grain: one row per field and value that occurs more than once.
{{ config(
    materialized='steps',
    indexes=[{'columns': ['field', 'value', 'rarity']}],
) }}
{{ identity.step_watch(
    'select learned_file_id, learned_record_count from '
    ~ ref('int_leads__learned') ~ " where record_id = ''"
) }}
{{ identity.identity_values('leads', ref('int_leads__normalized')) }}
