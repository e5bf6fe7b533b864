-- Opportunities, cleaned and typed.
-- Grain: one row per record landed from the CRM's opportunity files.
{{ config(
    indexes=[{'columns': ['opportunity_id']}, {'columns': ['_file_id']}],
) }}
{%- set written = source_settings('crm', 'opportunities') %}

with

source as (

    select * from {{ source('crm', 'opportunities') }}
    where _file_id > {{ watermark() }}

),

given as (

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_company_id': ['clean_text', 'company_id'],
        'given_contact_id': ['clean_text', 'contact_id'],
        'given_name': ['clean_text', 'name'],
        'given_stage': ['clean_text', 'stage'],
        'given_product': ['clean_text', 'product'],
        'given_forecast_category': ['clean_text', 'forecast_category'],
        'given_amount': ['clean_text', 'amount'],
        'given_probability': ['clean_text', 'probability'],
        'given_is_closed': ['clean_text', 'is_closed'],
        'given_created_date': ['clean_text', 'created_date'],
        'given_close_date': ['clean_text', 'close_date'],
    }, **given_business_time('crm', 'opportunities')), [lineage_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', {
        'amount_cents': [
            'parse_cents', 'given_amount', written.decimal_mark
        ],
        'is_amount_foreign': other_currency('given_amount', written.currency),
        'probability': ['parse_number', 'given_probability'],
        'is_marked_closed': ['parse_boolean', 'given_is_closed'],
        'created_at': [
            'parse_timestamp', 'given_created_date',
            written.time_zone, written.date_order,
        ],
        'close_date': ['parse_date', 'given_close_date', written.date_order],
        '_changed_at': business_time('crm', 'opportunities'),
    }) }}

),

final as (

    select
        ---------- ids
        given_id as opportunity_id,
        given_company_id as source_company_id,
        given_contact_id as source_contact_id,

        ---------- text
        given_name as opportunity_name,

        ---------- codes, as delivered
        given_stage as source_stage,
        given_product as source_product,
        given_forecast_category as source_forecast_category,

        ---------- measures
        amount_cents,
        case when is_amount_foreign then given_amount end as source_amount,
        probability,
        is_marked_closed,

        ---------- timestamps
        created_at,
        close_date,

        ---------- quality and lineage
        {{ row_findings(required_findings('crm', 'opportunities') + [
            ['number_unreadable', 'amount',
                unreadable('amount', 'amount_cents')],
            ['amount_negative', 'amount', 'amount_cents < 0'],
            ['currency_other', 'amount', 'is_amount_foreign'],
            ['amount_ambiguous', 'amount',
                cleaning.amount_ambiguous('given_amount', written.decimal_mark)],
            ['number_unreadable', 'probability',
                unreadable('probability', 'probability')],
            ['probability_out_of_range', 'probability',
                'probability not between 0 and 100'],
            ['boolean_unreadable', 'is_closed',
                unreadable('is_closed', 'is_marked_closed')],
            ['date_unreadable', 'created_date',
                unreadable('created_date', 'created_at')],
            ['date_in_future', 'created_date', in_future('created_at')],
            ['date_unreadable', 'close_date',
                unreadable('close_date', 'close_date')],
            ['closed_in_future', 'close_date',
                'is_marked_closed and ' ~ in_future('close_date')],
            ['closed_before_created', 'close_date',
                'close_date < substr(created_at, 1, 10)'],
        ]) }} as _findings,
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
