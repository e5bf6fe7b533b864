-- Delivered contacts with the version of the contact that each stands for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='contact_id',
    indexes=[
        {'columns': ['contact_id', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
        {'columns': ['source_company_id']},
    ],
) }}
{{ judged_versions(
    'crm',
    'contacts',
    'contact_id',
    columns={
        'source_company_id': 'company_id',
        'first_name': 'first_name',
        'last_name': 'last_name',
        'email': none,
        'source_phone': 'phone',
        'title': 'title',
        'source_status': 'status',
        'created_at': 'created_date',
        'updated_at': 'last_modified',
    },
    codes={'status': ['contact_status', 'source_status']},
    phones={'phone_key': 'source_phone'},
    state={'updated_at': none},
    shown={'updated_at': 'coalesce(last_changed_at, updated_at)'},
) }}
