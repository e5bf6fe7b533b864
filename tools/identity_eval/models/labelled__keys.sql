{{ config(indexes=[{'columns': ['block_key', 'block_limit', 'record_number']}]) }}
{{ identity_keys('labelled', ref('labelled__records')) }}
