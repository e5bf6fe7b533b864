-- The blocks in which records are compared.
-- Grain: one row per record and block.
{{ config(indexes=[{'columns': ['block_key', 'block_limit', 'record_number']}]) }}
{{ identity.identity_keys('labelled', ref('labelled__records')) }}
