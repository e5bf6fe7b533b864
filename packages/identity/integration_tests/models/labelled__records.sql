-- The records in the forms in which their fields are compared.
-- Grain: one row per record.
-- depends_on: {{ ref('labelled_records') }}
{{ config(indexes=[{'columns': ['record_number'], 'unique': true}]) }}
{{ identity.identity_records('labelled', source('labelled', 'labelled_records')) }}
