-- Which person each record of a source is of, merged ones included, and what
-- links it to the others.
-- Grain: one row per record, and per identifier that the CRM merged away.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='record_id',
    post_hook="{{ caught_up() }}",
    indexes=[
        {'columns': ['record_id'], 'unique': true},
        {'columns': ['source_record_id']},
        {'columns': ['person_id']},
        {'columns': ['latest_file_id']},
    ],
) }}
{{ customer_records('people', 'person_id', 'contact', 'contacts') }}
