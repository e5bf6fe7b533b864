-- How rare the values are.
-- Grain: one row per field and value that occurs more than once.
{{ config(materialized='steps', indexes=[
    {'columns': ['field', 'value', 'rarity']},
]) }}
{{ identity.identity_values('labelled', ref('labelled__records')) }}
