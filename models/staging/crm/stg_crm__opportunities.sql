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

    select
        {{ cleaning.clean_text('id') }} as given_id,
        {{ cleaning.clean_text('company_id') }} as given_company_id,
        {{ cleaning.clean_text('contact_id') }} as given_contact_id,
        {{ cleaning.clean_text('name') }} as given_name,
        {{ cleaning.clean_text('stage') }} as given_stage,
        {{ cleaning.clean_text('product') }} as given_product,
        {{ cleaning.clean_text(
            'forecast_category'
        ) }} as given_forecast_category,
        {{ cleaning.clean_text('amount') }} as given_amount,
        {{ cleaning.clean_text('probability') }} as given_probability,
        {{ cleaning.clean_text('is_closed') }} as given_is_closed,
        {{ cleaning.clean_text('created_date') }} as given_created_date,
        {{ cleaning.clean_text('close_date') }} as given_close_date,
        {{ given_business_time('crm', 'opportunities') }},
        {{ lineage_columns() }}
    from source
    {{ cleaning.computed_once() }}

),

typed as (

    select
        *,
        {{ cleaning.parse_cents('given_amount', written.decimal_mark) }}
            as given_amount_cents,
        {{ other_currency('given_amount', written.currency) }}
            as is_amount_foreign,
        {{ cleaning.parse_number('given_probability') }} as probability,
        {{ cleaning.parse_boolean('given_is_closed') }} as is_marked_closed,
        {{ cleaning.parse_timestamp(
            'given_created_date', written.time_zone, written.date_order
        ) }} as created_at,
        {{ cleaning.parse_date(
            'given_close_date', written.date_order
        ) }} as close_date
    from given
    {{ cleaning.computed_once() }}

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
        case when not is_amount_foreign then given_amount_cents end
            as amount_cents,
        case when is_amount_foreign then given_amount end as source_amount,
        probability,
        is_marked_closed,

        ---------- timestamps
        created_at,
        close_date,

        ---------- quality and lineage
        {{ row_findings(required_findings('crm', 'opportunities') + [
            ['number_unreadable', 'amount',
                unreadable('amount', 'given_amount_cents')],
            ['amount_negative', 'amount', 'given_amount_cents < 0'],
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
        {{ business_time('crm', 'opportunities') }} as _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
