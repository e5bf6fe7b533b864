{{ config(materialized='steps', indexes=[
    {'columns': ['field', 'value', 'rarity']},
]) }}
{{ identity_values('labelled', ref('labelled__records')) }}
