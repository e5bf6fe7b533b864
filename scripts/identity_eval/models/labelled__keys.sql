{{ config(indexes=[{'columns': ['block_key', 'record_number']}]) }}
{{ identity_keys('labelled', ref('labelled__records')) }}
