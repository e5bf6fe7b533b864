-- Companies, cleaned and typed.
-- Grain: one row per record landed from the CRM's company files.
{{ config(indexes=[
    {'columns': ['_row_id'], 'unique': true},
    {'columns': ['company_id']},
    {'columns': ['_file_id']},
]) }}
{%- set written = source_settings('crm', 'companies') %}

with

source as (

    {{ written_rows('crm', 'companies', ['merged_into'], ['merged_ids']) }}

),

given as (

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_name': ['clean_text', 'name'],
        'given_domain': ['clean_text', 'domain'],
        'given_industry': ['clean_text', 'industry'],
        'given_size': ['clean_text', 'size'],
        'given_country': ['clean_text', 'country', [], ['na']],
        'given_created_date': ['clean_text', 'created_date'],
        'given_is_customer': ['clean_text', 'is_customer'],
        'given_annual_revenue': ['clean_text', 'annual_revenue'],
        'given_currency': ['clean_text', 'currency'],
        'given_owner': ['clean_text', 'owner'],
        'given_owner_name': ['clean_text', 'owner_name'],
        'given_city': ['clean_text', 'city'],
        'given_state': ['clean_text', 'state'],
        'given_is_deleted': ['clean_text', 'is_deleted'],
        'given_merged_into': ['clean_text', 'merged_into'],
        'given_merged_ids': ['clean_text', 'merged_ids'],
    }, **given_business_time('crm', 'companies')), [written_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', dict({
        'employees': ['parse_integer', 'given_size'],
        'company_name': ['clean_company_name', 'given_name'],
        'domain': ['clean_domain', 'given_domain'],
        'created_at': [
            'parse_timestamp', 'given_created_date',
            written.time_zone, written.date_order,
        ],
        'is_customer': ['parse_boolean', 'given_is_customer'],
        'annual_revenue_cents': [
            'parse_cents', 'given_annual_revenue', written.decimal_mark
        ],
        'row_currency': currency_code('given_currency', "'XXX'"),
        'amount_currency': amount_currency('given_annual_revenue', '_currency'),
        'is_deleted': ['parse_boolean', 'given_is_deleted'],
        '_changed_at': business_time('crm', 'companies'),
    }, **owner_columns())) }}

),

final as (

    select
        ---------- ids
        {{ kept_id('given_id') }} as company_id,
        {{ named_reference('owner_given') }} as source_owner,

        ---------- text
        {{ bare_reference('owner_shown') }} as owner,
        is_owner_former,
        company_name,
        domain,
        given_city as city,
        given_state as state,

        ---------- codes, as delivered
        given_industry as source_industry,
        given_size as source_size,
        -- of a number of employees its band
        coalesce((
            select bands.size_band from {{ ref('size_bands') }} as bands
            where
                typed.employees >= bands.employees_min
                and typed.employees <= coalesce(
                    bands.employees_max, typed.employees
                )
        ), given_size) as size_code,
        given_country as source_country,

        ---------- measures
        is_customer,
        annual_revenue_cents,
        given_annual_revenue,
        row_currency,
        amount_currency,

        ---------- deleted and merged
        is_deleted,
        {{ kept_id('given_merged_into') }} as merged_into,
        given_merged_ids as merged_ids,

        ---------- timestamps
        created_at,

        ---------- quality and lineage
        {{ row_findings(required_findings(
            'crm', 'companies', where='_is_system = 0'
        ) + [
            ['domain_malformed', 'domain', unreadable('domain', 'domain')],
            ['date_unreadable', 'created_date',
                unreadable_date('created_date', 'created_at')],
            ['date_in_future', 'created_date', in_future('created_at')],
            ['boolean_unreadable', 'is_customer',
                unreadable('is_customer', 'is_customer')],
            ['number_unreadable', 'annual_revenue',
                unreadable_amount('annual_revenue', 'annual_revenue_cents')],
            ['amount_negative', 'annual_revenue', 'annual_revenue_cents < 0'],
            ['currency_other', 'annual_revenue',
                foreign_currency('given_annual_revenue', written.currency)],
            ['currency_unknown', 'currency',
                unreadable('currency', "nullif(row_currency, 'XXX')")],
            ['amount_ambiguous', 'annual_revenue',
                cleaning.amount_ambiguous('given_annual_revenue', written.decimal_mark),
                as_delivered('annual_revenue')],
        ] + written_findings(
            'crm', 'companies', ['merged_into'],
            'id, merged_into, created_date'
        )) }} as _findings,
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
