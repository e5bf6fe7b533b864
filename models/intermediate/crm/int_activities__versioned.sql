-- Delivered activities with the version of the activity that each stands for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='activity_id',
    indexes=[
        {'columns': ['activity_id', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
        {'columns': ['source_contact_id']},
        {'columns': ['source_opportunity_id']},
    ],
) }}
{{ judged_versions(
    'crm',
    'activities',
    'activity_id',
    columns={
        'source_contact_id': 'contact_id',
        'source_opportunity_id': 'opportunity_id',
        'source_type': 'type',
        'subject': 'subject',
        'occurred_at': 'timestamp',
        'duration_minutes': 'duration_minutes',
        'source_outcome': 'outcome',
        'notes': 'notes',
    },
    codes={
        'activity_type': ['activity_type', 'source_type'],
        'outcome': ['activity_outcome', 'source_outcome'],
    },
    types={'duration_minutes': 'bigint'},
) }}
