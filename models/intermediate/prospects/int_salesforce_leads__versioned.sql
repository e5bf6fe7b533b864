-- Leads of the CRM with the version of the lead that each record stands for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='lead_id',
    indexes=[
        {'columns': ['_row_id'], 'unique': true},
    ],
) }}
{{ judged_versions(
    'prospects',
    'salesforce_leads',
    'lead_id',
    columns={
        'company': none,
        'first_name': 'first_name',
        'last_name': 'last_name',
        'phone': 'phone',
        'mobile_phone': 'mobile_phone',
        'email': 'email',
        'street': 'street',
        'city': 'city',
        'zip': 'postal_code',
        'status': 'status',
        'name_key': none,
        'street_key': 'street',
        'is_deleted': 'is_deleted',
        '_findings': none,
    },
    state={
        'status': cleaning.code_key('status'),
        'name_key': none,
        'street_key': none,
        '_findings': none,
    },
    types={'is_deleted': 'boolean'},
    is_error='lead_id is null',
) }}
