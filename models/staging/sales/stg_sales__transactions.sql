-- Sales, cleaned and typed. A number beyond what a sum of them could hold is
-- taken as unreadable. Cents are those of the declared currency, an amount in
-- another one is in minor units alone.
-- Grain: one row per record landed, whichever way it came.
{{ config(indexes=[
    {'columns': ['_row_id'], 'unique': true},
    {'columns': ['source_sale_id']},
    {'columns': ['_file_id']},
]) }}
{%- set written = source_settings('sales', 'transactions') %}
{%- set declared = "'" ~ written.currency ~ "'" if written.currency
    else 'cast(null as text)' %}
{%- set largest_cents = 1000000000000 %}
{%- set largest_quantity = 1000000 %}

with

source as (

    select * from {{ source('sales', 'transactions') }}
    where _file_id > {{ watermark() }}

),

given as (

    {{ cleaning.read_columns('source', dict({
        'given_id': ['clean_text', 'id'],
        'given_customer_id': ['clean_text', 'customer_id'],
        'given_store_id': ['clean_text', 'store_id'],
        'given_sales_person_id': ['clean_text', 'sales_person_id'],
        'given_product_name': ['clean_name', 'product_name'],
        'given_sales_date': ['clean_text', 'sales_date'],
        'given_price': ['clean_text', 'price'],
        'given_quantity': ['clean_text', 'quantity'],
        'given_total_cost': ['clean_text', 'total_cost'],
        'given_currency': ['clean_text', 'currency'],
        'given_updated_at': ['clean_text', 'updated_at'],
    }, **given_business_time('sales', 'transactions')), [lineage_columns()]) }}

),

typed as (

    {{ cleaning.read_columns('given', {
        'sales_date': ['parse_date', 'given_sales_date', written.date_order],
        'given_price_cents': [
            'parse_cents', 'given_price', written.decimal_mark
        ],
        'given_pieces': [
            'parse_integer', 'given_quantity', written.decimal_mark
        ],
        'given_total_cents': [
            'parse_cents', 'given_total_cost', written.decimal_mark
        ],
        'row_currency': currency_code('given_currency', "'XXX'"),
        'price_currency': amount_currency('given_price', declared),
        'total_currency': amount_currency('given_total_cost', declared),
        '_changed_at': business_time('sales', 'transactions'),
    }) }}

),

-- the currency of the row, else of the sign of an amount, else the declared one
priced as (

    select
        *,
        coalesce(row_currency, price_currency)
        is distinct from {{ declared }} as is_price_foreign,
        coalesce(row_currency, total_currency)
        is distinct from {{ declared }} as is_total_foreign,
        row_currency <> price_currency
        and price_currency is distinct from {{ declared }} as is_price_other,
        row_currency <> total_currency
        and total_currency is distinct from {{ declared }} as is_total_other,
        nullif(coalesce(
            row_currency,
            case
                when total_currency is distinct from {{ declared }}
                    then total_currency
                when price_currency is distinct from {{ declared }}
                    then price_currency
                else {{ declared }}
            end
        ), 'XXX') as sale_currency
    from typed
    {{ cleaning.computed_once() }}

),

converted as (

    select
        priced.*,
        {{ minor_units(
            'given_price_cents', 'given_price', written.decimal_mark
        ) }} as given_price_minor,
        {{ minor_units(
            'given_total_cents', 'given_total_cost', written.decimal_mark
        ) }} as given_total_minor
    from priced
    left join (
        select
            code as _currency,
            decimals as _decimals
        from {{ ref('currencies') }}
    ) as _money
        on priced.sale_currency = _money._currency
    {{ cleaning.computed_once() }}

),

bounded as (

    select
        *,
        case
            when
                abs(given_price_minor) <= {{ largest_cents }}
                -- without a currency of its row, an amount can be in a third one
                and (
                    row_currency is not null
                    or price_currency is not distinct from {{ declared }}
                    or price_currency = coalesce(sale_currency, 'XXX')
                )
                then given_price_minor
        end as price_minor,
        case
            when abs(given_total_minor) <= {{ largest_cents }}
                then given_total_minor
        end as total_cost_minor,
        case
            when
                abs(given_price_cents) <= {{ largest_cents }}
                and not is_price_foreign
                and sale_currency is not distinct from {{ declared }}
                then given_price_cents
        end as price_cents,
        case
            when abs(given_pieces) <= {{ largest_quantity }} then given_pieces
        end as quantity,
        case
            when
                abs(given_total_cents) <= {{ largest_cents }}
                and not is_total_foreign
                and sale_currency is not distinct from {{ declared }}
                then given_total_cents
        end as total_cost_cents
    from converted
    {{ cleaning.computed_once() }}

),

final as (

    select
        ---------- ids
        {{ kept_id('given_id') }} as source_sale_id,
        given_customer_id as source_customer_id,
        given_store_id as source_store_id,
        given_sales_person_id as source_salesperson_id,
        {{ cleaning.lower_text('given_product_name') }} as product_id,

        ---------- text
        given_product_name as source_product_name,
        given_sales_date as source_sales_date,

        ---------- measures
        price_cents,
        price_minor,
        quantity,
        total_cost_cents,
        total_cost_minor,
        sale_currency as currency_code,

        ---------- dates
        sales_date,

        ---------- quality and lineage
        {{ row_findings(required_findings('sales', 'transactions') + [
            ['id_rounded', 'id', is_rounded_id('given_id')],
            ['key_is_list', 'customer_id', is_list('given_customer_id')],
            ['key_is_list', 'store_id', is_list('given_store_id')],
            ['key_is_list', 'sales_person_id',
                is_list('given_sales_person_id')],
            ['date_unreadable', 'sales_date',
                unreadable('sales_date', 'sales_date')],
            ['date_in_future', 'sales_date', in_future('sales_date')],
            ['value_implausible', 'sales_date', "sales_date < '1990-01-01'"],
            ['number_unreadable', 'price',
                unreadable('price', 'price_minor')
                ~ ' and not is_price_foreign'],
            ['currency_other', 'price',
                'given_price is not null and (is_price_foreign or is_price_other)'],
            ['amount_ambiguous', 'price',
                cleaning.amount_ambiguous('given_price', written.decimal_mark)],
            ['amount_negative', 'price', 'price_cents < 0'],
            ['value_implausible', 'price', 'price_cents > 100000000'],
            ['number_unreadable', 'quantity',
                unreadable('quantity', 'quantity')],
            ['quantity_not_positive', 'quantity', 'quantity <= 0'],
            ['value_implausible', 'quantity', 'quantity > 10000'],
            ['number_unreadable', 'total_cost',
                unreadable('total_cost', 'total_cost_minor')
                ~ ' and not is_total_foreign'],
            ['currency_other', 'total_cost',
                'given_total_cost is not null'
                ~ ' and (is_total_foreign or is_total_other)'],
            ['currency_unknown', 'currency',
                unreadable('currency', "nullif(row_currency, 'XXX')")],
            ['amount_ambiguous', 'total_cost',
                cleaning.amount_ambiguous('given_total_cost', written.decimal_mark)],
            ['amount_negative', 'total_cost', 'total_cost_cents < 0'],
            ['total_inconsistent', 'total_cost',
                'total_cost_cents <> price_cents * quantity'],
            ['date_unreadable', 'updated_at',
                unreadable('updated_at', '_changed_at')],
        ]) }} as _findings,
        _changed_at,
        {{ lineage_columns() }}
    from bounded

)

select * from final
