{{ config(indexes=[{'columns': ['record_number'], 'unique': true}]) }}
{{ identity_records('labelled', source('labelled', 'labelled_records')) }}
