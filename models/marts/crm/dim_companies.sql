-- Companies: one golden record for all records of a company, each field from
-- the record that survivorship prefers.
-- Grain: one row per company.
{{ config(
    materialized='steps',
    unique_key='company_id',
    golden_of='int_companies__clustered',
    post_hook="delete from {{ this }} where company_id in (
        {{ gone_clusters('companies') }}
    )",
    indexes=[{'columns': ['latest_file_id']}],
) }}

with

records as (

    select
        clustered.cluster_id,
        companies.*
    from {{ ref('int_companies__clustered') }} as clustered
    inner join {{ ref('int_companies__current') }} as companies
        on clustered.record_id = companies.company_id
    where
        clustered.cluster_id in (
            select touched.cluster_id
            from {{ ref('int_companies__clustered') }} as touched
            where touched.latest_file_id > {{ watermark() }}
        )
        and clustered.cluster_id not in (
            {{ gone_clusters('companies') }}
        )

),

golden as (

    {{ identity.identity_survivors('companies', 'records') }}

),

final as (

    select
        cluster_id as company_id,
        company_name,
        domain,
        owner_id,
        city,
        state,
        industry,
        size_band,
        country_code,
        is_customer,
        annual_revenue_cents,
        {{ main_units('annual_revenue_minor', 'annual_revenue_currency') }}
            as annual_revenue,
        annual_revenue_minor,
        annual_revenue_currency,
        created_at,
        source_industry,
        source_size,
        source_country,
        latest_file_id,
        _row_id,
        _file_id
    from golden

)

select * from final
