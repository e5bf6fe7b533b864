-- Products of the catalogue, cleaned and typed.
-- Grain: one row per record landed from the product exports.
{{ config(indexes=[
    {'columns': ['_row_id'], 'unique': true},
    {'columns': ['product_id']},
    {'columns': ['_file_id']},
]) }}
{%- set written = source_settings('sales', 'products') %}

with

source as (

    select * from {{ source('sales', 'products') }}
    where _file_id > {{ watermark() }}

),

given as (

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_name': ['clean_name', 'name'],
        'given_current_price': ['clean_text', 'current_price'],
        'given_old_price': ['clean_text', 'old_price'],
        'given_created_date': ['clean_text', 'created_date'],
        'given_updated_date': ['clean_text', 'updated_date'],
        'given_expiry_date': ['clean_text', 'expiry_date'],
    }, **given_business_time('sales', 'products')), [lineage_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', {
        'price_cents': [
            'parse_cents', 'given_current_price', written.decimal_mark
        ],
        'old_price_cents': [
            'parse_cents', 'given_old_price', written.decimal_mark
        ],
        'created_at': [
            'parse_timestamp', 'given_created_date',
            written.time_zone, written.date_order,
        ],
        'updated_at': [
            'parse_timestamp', 'given_updated_date',
            written.time_zone, written.date_order,
        ],
        'expiry_date': ['parse_date', 'given_expiry_date', written.date_order],
        '_changed_at': business_time('sales', 'products'),
    }) }}

),

final as (

    select
        ---------- ids
        {{ cleaning.lower_text('given_name') }} as product_id,
        {{ kept_id('given_id') }} as source_product_id,

        ---------- text
        given_name as product_name,

        ---------- measures
        price_cents,
        old_price_cents,

        ---------- timestamps
        created_at,
        updated_at,
        expiry_date,

        ---------- quality and lineage
        {{ row_findings(
            required_findings('sales', 'products', record_id='name') + [
            ['reference_rounded', 'id', is_rounded_id('given_id')],
            ['number_unreadable', 'current_price',
                unreadable('current_price', 'price_cents')],
            ['amount_negative', 'current_price', 'price_cents < 0'],
            ['currency_other', 'current_price',
                other_currency('given_current_price', written.currency)],
            ['amount_ambiguous', 'current_price',
                cleaning.amount_ambiguous('given_current_price', written.decimal_mark)],
            ['number_unreadable', 'old_price',
                unreadable('old_price', 'old_price_cents')],
            ['currency_other', 'old_price',
                other_currency('given_old_price', written.currency)],
            ['amount_ambiguous', 'old_price',
                cleaning.amount_ambiguous('given_old_price', written.decimal_mark)],
            ['date_unreadable', 'created_date',
                unreadable('created_date', 'created_at')],
            ['date_unreadable', 'updated_date',
                unreadable('updated_date', 'updated_at')],
            ['date_in_future', 'updated_date', in_future('updated_at')],
            ['updated_before_created', 'updated_date',
                'updated_at < created_at'],
            ['date_unreadable', 'expiry_date',
                unreadable('expiry_date', 'expiry_date')],
        ]) }} as _findings,
        _changed_at,
        {{ lineage_columns() }}
    from typed

)

select * from final
