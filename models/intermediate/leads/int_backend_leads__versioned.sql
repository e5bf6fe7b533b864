-- Records of the backend with the version of the lead that each belongs to.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='lead_uuid',
    indexes=[
        {'columns': ['lead_uuid', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['_file_id']},
        {'columns': ['email_hash']},
        {'columns': ['phone_hash']},
    ],
) }}
{{ judged_versions(
    'leads',
    'backend',
    'lead_uuid',
    columns={'email_hash': 'email_hash', 'phone_hash': 'phone_hash'},
) }}
