-- Delivered contacts with the version of the contact that each belongs to.
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
        {'columns': ['source_owner']},
    ],
) }}
{{ judged_versions(
    'crm',
    'contacts',
    'contact_id',
    columns={
        'source_company_id': 'company_id/company_name',
        'first_name': 'first_name/full_name',
        'last_name': 'last_name/full_name',
        'email': 'email',
        'source_phone': 'phone/mobile_phone',
        'title': 'title',
        'source_owner': 'owner/owner_name',
        'lead_status': 'lead_step',
        'source_lead_source': 'lead_source',
        'city': 'city',
        'state': 'state',
        'source_country': 'country',
        'source_status': 'status',
        'is_deleted': 'is_deleted',
        'merged_into': 'merged_into',
        'merged_ids': 'merged_ids',
        'created_at': 'created_date',
        'updated_at': 'last_modified',
    },
    codes={
        'status': ['contact_status', 'source_status'],
        'lead_source': ['lead_source', 'source_lead_source'],
    },
    phones={'phone_key': 'source_phone'},
    state={'updated_at': none},
    shown={
        'updated_at': 'coalesce(last_changed_at, updated_at)',
        'status': 'coalesce(status, source_status)',
        'lead_source': 'coalesce(lead_source, source_lead_source)',
    },
    types={'is_deleted': 'boolean'},
    absences=ref('int_crm__absences'),
) }}
