-- Delivered opportunities with the version of the deal that each stands for.
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
    ],
) }}
{%- set columns = {
    'opportunity_id': none,
    'source_company_id': 'company_id',
    'source_contact_id': 'contact_id',
    'opportunity_name': 'name',
    'source_stage': 'stage',
    'source_product': 'product',
    'source_forecast_category': 'forecast_category',
    'amount_cents': 'amount',
    'source_amount': 'amount',
    'probability': 'probability',
    'is_marked_closed': 'is_closed',
    'created_at': 'created_date',
    'close_date': 'close_date',
    'stage': 'stage',
    'product': 'product',
    'forecast_category': 'forecast_category',
} %}

with

delivered as (

    {{ touched_rows(ref('stg_crm__opportunities'), 'opportunity_id') }}

),

in_error as (

    {{ rows_in_error(ref('int_crm__row_findings'), 'opportunities') }}

),

coded as (

    select
        delivered.opportunity_id,
        delivered.source_company_id,
        delivered.source_contact_id,
        delivered.opportunity_name,
        delivered.source_stage,
        delivered.source_product,
        delivered.source_forecast_category,
        delivered.amount_cents,
        delivered.source_amount,
        delivered.probability,
        delivered.is_marked_closed,
        delivered.created_at,
        delivered.close_date,
        stage.code as stage,
        product.code as product,
        forecast_category.code as forecast_category,
        delivered._changed_at,
        delivered._row_id,
        delivered._file_id,
        delivered._record,
        delivered._line,
        delivered._delivered_at,
        delivered._loaded_at,
        in_error._row_id is not null as is_error
    from delivered
    left join in_error on delivered._row_id = in_error._row_id
    left join {{ ref('int_crm__codes') }} as stage
        on
            stage.lookup = 'opportunity_stage'
            and stage.source_value
            = {{ cleaning.code_key('delivered.source_stage') }}
    left join {{ ref('int_crm__codes') }} as product
        on
            product.lookup = 'product'
            and product.source_value
            = {{ cleaning.code_key('delivered.source_product') }}
    left join {{ ref('int_crm__codes') }} as forecast_category
        on
            forecast_category.lookup = 'forecast_category'
            and forecast_category.source_value
            = {{ cleaning.code_key('delivered.source_forecast_category') }}

),

files as (

    {{ delivered_files('crm', 'opportunities', columns.values()) }}

),

versioned as (

    {{ version_rows(
        'coded',
        key='opportunity_id',
        columns=columns,
        state=[
            'source_company_id',
            'source_contact_id',
            'opportunity_name',
            'coalesce(stage, ' ~ cleaning.code_key('source_stage') ~ ')',
            'coalesce(product, ' ~ cleaning.code_key('source_product') ~ ')',
            'coalesce(forecast_category, ' ~ cleaning.code_key('source_forecast_category') ~ ')',
            'amount_cents',
            'source_amount',
            'probability',
            'is_marked_closed',
            'created_at',
            'close_date',
        ],
        types={'amount_cents': 'bigint', 'probability': 'double', 'is_marked_closed': 'boolean'},
    ) }}

),

final as (

    select
        opportunity_id,
        source_company_id,
        source_contact_id,
        opportunity_name,
        source_stage,
        source_product,
        source_forecast_category,
        amount_cents,
        source_amount,
        probability,
        is_marked_closed,
        created_at,
        close_date,
        stage,
        product,
        forecast_category,
        version_number,
        row_status,
        valid_from,
        latest_file_id,
        _row_id,
        _file_id,
        _record,
        _line,
        _loaded_at
    from versioned

)

select * from final
