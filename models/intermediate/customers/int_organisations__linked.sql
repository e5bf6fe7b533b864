-- Which organisation each record of a source is of, merged ones included, and
-- what links it to the others.
-- Grain: one row per record, and per identifier that the CRM merged away.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='record_id',
    post_hook="{{ caught_up() }}",
    indexes=[
        {'columns': ['record_id'], 'unique': true},
        {'columns': ['source_record_id']},
        {'columns': ['organisation_id']},
        {'columns': ['latest_file_id']},
    ],
) }}
{{ customer_records(
    'organisations', 'organisation_id', 'company', 'companies'
) }}
