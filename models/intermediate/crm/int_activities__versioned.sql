-- Delivered activities with the version of the activity that each belongs to.
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
        {'columns': ['source_owner']},
    ],
) }}
{{ judged_versions(
    'crm',
    'activities',
    'activity_id',
    columns={
        'source_contact_id': 'contact_id/contact_name/contact_email',
        'source_opportunity_id': 'opportunity_id/related_id',
        'source_lead_id': 'contact_id',
        'source_owner': 'owner/owner_name',
        'source_type': 'type',
        'subject': 'subject',
        'occurred_at': 'timestamp/completed_date/due_date',
        'duration_minutes': (
            'duration_minutes/duration_seconds/duration_text/end_time'
        ),
        'is_deleted': 'is_deleted',
        'source_outcome': 'outcome',
        'notes': 'notes',
    },
    codes={
        'activity_type': ['activity_type', 'source_type'],
        'outcome': ['activity_outcome', 'source_outcome'],
    },
    shown={
        'activity_type': 'coalesce(activity_type, source_type)',
        'outcome': 'coalesce(outcome, source_outcome)',
    },
    types={'duration_minutes': 'bigint', 'is_deleted': 'boolean'},
    absences=ref('int_crm__absences'),
) }}
