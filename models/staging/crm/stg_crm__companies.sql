-- Companies, cleaned and typed.
-- Grain: one row per record landed from the CRM's company files.
{{ config(indexes=[{'columns': ['company_id']}, {'columns': ['_file_id']}]) }}
{%- set written = source_settings('crm', 'companies') %}

with

source as (

    select * from {{ source('crm', 'companies') }}
    where _file_id > {{ watermark() }}

),

given as (

    select
        {{ cleaning.clean_text('id') }} as given_id,
        {{ cleaning.clean_text('name') }} as given_name,
        {{ cleaning.clean_text('domain') }} as given_domain,
        {{ cleaning.clean_text('industry') }} as given_industry,
        {{ cleaning.clean_text('size') }} as given_size,
        {{ cleaning.clean_text('country', kept=['na']) }} as given_country,
        {{ cleaning.clean_text('created_date') }} as given_created_date,
        {{ cleaning.clean_text('is_customer') }} as given_is_customer,
        {{ cleaning.clean_text('annual_revenue') }} as given_annual_revenue,
        {{ given_business_time('crm', 'companies') }},
        {{ lineage_columns() }}
    from source
    {{ cleaning.computed_once() }}

),

typed as (

    select
        *,
        {{ cleaning.clean_company_name('given_name') }} as company_name,
        {{ cleaning.clean_domain('given_domain') }} as domain,
        {{ cleaning.parse_timestamp(
            'given_created_date', written.time_zone, written.date_order
        ) }} as created_at,
        {{ cleaning.parse_boolean('given_is_customer') }} as is_customer,
        {{ cleaning.parse_cents('given_annual_revenue', written.decimal_mark) }}
            as annual_revenue_cents
    from given
    {{ cleaning.computed_once() }}

),

final as (

    select
        ---------- ids
        given_id as company_id,

        ---------- text
        company_name,
        domain,

        ---------- codes, as delivered
        given_industry as source_industry,
        given_size as source_size,
        given_country as source_country,

        ---------- measures
        is_customer,
        annual_revenue_cents,

        ---------- timestamps
        created_at,

        ---------- quality and lineage
        {{ row_findings(required_findings('crm', 'companies') + [
            ['domain_malformed', 'domain', unreadable('domain', 'domain')],
            ['date_unreadable', 'created_date',
                unreadable('created_date', 'created_at')],
            ['date_in_future', 'created_date', in_future('created_at')],
            ['boolean_unreadable', 'is_customer',
                unreadable('is_customer', 'is_customer')],
            ['number_unreadable', 'annual_revenue',
                unreadable('annual_revenue', 'annual_revenue_cents')],
            ['amount_negative', 'annual_revenue', 'annual_revenue_cents < 0'],
            ['currency_other', 'annual_revenue',
                other_currency('given_annual_revenue', written.currency)],
            ['amount_ambiguous', 'annual_revenue',
                cleaning.amount_ambiguous('given_annual_revenue', written.decimal_mark)],
        ]) }} as _findings,
        {{ business_time('crm', 'companies') }} as _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
