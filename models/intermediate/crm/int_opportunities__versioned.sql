-- Delivered opportunities with the version of the deal that each belongs to.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='opportunity_id',
    indexes=[
        {'columns': ['opportunity_id', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
        {'columns': ['source_company_id']},
        {'columns': ['source_contact_id']},
        {'columns': ['source_owner']},
        {'columns': ['source_campaign']},
        {'columns': ['stage_id', 'row_status', '_row_id']},
    ],
) }}
{%- set written = source_settings('crm', 'opportunities') %}
{%- set ends = 'is_closed/is_won/stage_type/status' %}
{%- set dates = 'close_date/won_date/lost_date/closed_date' %}
{{ judged_versions(
    'crm',
    'opportunities',
    'opportunity_id',
    columns={
        'source_company_id': 'company_id/company_name',
        'source_contact_id': 'contact_id/contact_ids/contact_name',
        'contact_ids': 'contact_ids',
        'source_owner': 'owner/owner_name',
        'source_campaign': 'campaign',
        'pipeline_key': 'pipeline',
        'id_scope': none,
        'opportunity_name': 'name',
        'lost_reason': 'lost_reason',
        'source_lead_source': 'lead_source',
        'campaign': 'campaign',
        'source_pipeline': 'pipeline',
        'source_stage': 'stage',
        'source_product': 'product',
        'source_forecast_category': 'forecast_category',
        'amount_cents': 'amount',
        'given_amount': 'amount',
        'row_currency': 'currency',
        'amount_currency': 'amount',
        'base_amount_minor': 'base_amount',
        'base_currency_code': 'base_currency',
        'source_status': 'status',
        'is_marked_won': 'is_won/probability/stage_type',
        'is_deleted': 'is_deleted/status',
        'merged_into': 'merged_into',
        'merged_ids': 'merged_ids',
        'probability': 'probability',
        'is_marked_closed': 'is_closed/stage_type',
        'created_at': 'created_date',
        'expected_close_date': 'close_date',
        'ended_date': 'won_date/lost_date/closed_date',
    },
    codes={
        'stage': ['opportunity_stage', 'source_stage'],
        'product': ['product', 'source_product'],
        'lead_source': ['lead_source', 'source_lead_source'],
        'forecast_category': ['forecast_category', 'source_forecast_category'],
    },
    state={
        'given_amount': finer_units('given_amount', written.decimal_mark),
        'id_scope': none,
    },
    shown={
        'stage': 'coalesce(stage, source_stage)',
        'product': 'coalesce(product, source_product)',
        'lead_source': 'coalesce(lead_source, source_lead_source)',
        'forecast_category':
            'coalesce(forecast_category, source_forecast_category)',
        'base_amount_minor':
            'case when coalesce(amount_then <> amount_cents, false) then null '
            ~ 'else base_amount_minor end',
    },
    derived={
        'pipeline_id': pipeline_reference('id_scope', 'pipeline_key'),
        'stage_id': stage_reference('id_scope', 'pipeline_key', 'source_stage'),
        'amount_minor': minor_units(
            'amount_cents', 'given_amount', written.decimal_mark
        ),
        'currency_code': amount_code(),
        'close_date': 'coalesce(ended_date, expected_close_date)',
        'actual_close_date': 'coalesce(ended_date, case '
            ~ 'when is_marked_closed or is_marked_won then expected_close_date end)',
        'is_end_earlier': of_other_state('stage_at_end', 'source_stage'),
        'is_probability_earlier': of_other_state('stage_at_probability', 'source_stage'),
        'is_date_earlier': of_other_state('stage_at_date', 'source_stage'),
        'probability_share':
            'case when probability between 0 and 100 then probability / 100 end',
        'source_amount': foreign_amount('crm', 'opportunities', 'given_amount'),
    },
    currency=amount_code(),
    types={
        'is_marked_won': 'boolean',
        'is_deleted': 'boolean',
        'amount_cents': 'bigint',
        'amount_then': 'bigint',
        'base_amount_minor': 'bigint',
        'probability': 'double',
        'is_marked_closed': 'boolean',
    },
    absences=ref('int_crm__absences'),
    backward=['pipeline_key', 'source_pipeline'],
    alongside={
        'stage_at_end': ['source_stage', ends],
        'stage_at_probability': ['source_stage', 'probability'],
        'stage_at_date': ['source_stage', dates],
        'amount_then': ['amount_cents', 'base_amount'],
    },
) }}
