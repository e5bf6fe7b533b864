-- Delivered companies with the version of the company that each stands for.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='company_id',
    indexes=[
        {'columns': ['company_id', 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
    ],
) }}
{%- set columns = {
    'company_id': none,
    'company_name': none,
    'domain': 'domain',
    'source_industry': 'industry',
    'source_size': 'size',
    'source_country': 'country',
    'is_customer': 'is_customer',
    'annual_revenue_cents': 'annual_revenue',
    'created_at': 'created_date',
    'industry': 'industry',
    'size_band': 'size',
    'country_code': 'country',
} %}

with

delivered as (

    {{ touched_rows(ref('stg_crm__companies'), 'company_id') }}

),

in_error as (

    {{ rows_in_error(ref('int_crm__row_findings'), 'companies') }}

),

coded as (

    select
        delivered.company_id,
        delivered.company_name,
        delivered.domain,
        delivered.source_industry,
        delivered.source_size,
        delivered.source_country,
        delivered.is_customer,
        delivered.annual_revenue_cents,
        delivered.created_at,
        industry.code as industry,
        size_band.code as size_band,
        country.country_code,
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
    left join {{ ref('int_crm__codes') }} as industry
        on
            industry.lookup = 'industry'
            and industry.source_value
            = {{ cleaning.code_key('delivered.source_industry') }}
    left join {{ ref('int_crm__codes') }} as size_band
        on
            size_band.lookup = 'size_band'
            and size_band.source_value
            = {{ cleaning.code_key('delivered.source_size') }}
    left join {{ ref('country_synonyms') }} as country
        on {{ cleaning.lower_text(
            'delivered.source_country'
        ) }} = country.source_value

),

files as (

    {{ delivered_files('crm', 'companies', columns.values()) }}

),

versioned as (

    {{ version_rows(
        'coded',
        key='company_id',
        columns=columns,
        state=[
            'company_name',
            'domain',
            'coalesce(industry, ' ~ cleaning.code_key('source_industry') ~ ')',
            'coalesce(size_band, ' ~ cleaning.code_key('source_size') ~ ')',
            'coalesce(country_code, ' ~ cleaning.lower_text('source_country') ~ ')',
            'is_customer',
            'annual_revenue_cents',
            'created_at',
        ],
        types={'is_customer': 'boolean', 'annual_revenue_cents': 'bigint'},
    ) }}

),

final as (

    select
        company_id,
        company_name,
        domain,
        source_industry,
        source_size,
        source_country,
        is_customer,
        annual_revenue_cents,
        created_at,
        industry,
        size_band,
        country_code,
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
