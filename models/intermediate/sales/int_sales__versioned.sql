-- Delivered sales, and which of them count. A sale with an identifier is what
-- was last delivered of it; the identifier is its source's, and one sale of
-- several sources where they agree on customer, product, day and amount. Of
-- sales without one every line counts, a line that comes again in a file of the
-- same name once.
-- Grain: one row per record landed.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='_row_id',
    indexes=[
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['sales_day', 'row_status', 'source_name']},
        {'columns': ['latest_file_id', 'sales_day']},
        {'columns': ['row_status', '_row_id']},
        {'columns': ['sale_id']},
        {'columns': ['product_id']},
        {'columns': ['source_customer_id']},
        {'columns': ['source_store_id']},
        {'columns': ['source_salesperson_id']},
    ],
) }}
{%- set transactions = ref('stg_sales__transactions') %}
{%- set columns = {
    'sale_id': none,
    'source_name': none,
    'source_sale_id': none,
    'source_customer_id': none,
    'source_store_id': none,
    'source_salesperson_id': none,
    'product_id': none,
    'source_product_name': none,
    'price_cents': none,
    'price_minor': none,
    'quantity': none,
    'total_cost_cents': none,
    'total_cost_minor': none,
    'currency_code': none,
    'sales_date': none,
    'source_sales_date': none,
} %}
{%- set line = [
    'source_customer_id', 'source_store_id', 'source_salesperson_id',
    'product_id', 'price_minor', 'quantity', 'total_cost_minor',
    'currency_code', 'sales_date', 'source_sales_date',
] %}

with

files as (

    {{ delivered_files('sales', 'transactions') }}

),

named as (

    select
        file_id,
        case
            when file_name like '%/%' then {{ cleaning.text_before(
                'file_name', '/'
            ) }}
            else 'files'
        end as source_name,
        case
            when lower(file_name) like '%.gz'
                then substr(file_name, 1, length(file_name) - 3)
            else file_name
        end as bare_name
    from {{ ref('stg_ingest__files') }}
    where
        source_name = 'sales'
        and table_name = 'transactions'
        and status = 'landed'

),

deliveries as (

    -- a page of an interface or a window of a database is fetched again whole
    select
        *,
        {{ delivery_kind('sales', 'transactions', 'source_name') }} as kind,
        max(file_id) over (partition by bare_name) as latest_file_id,
        row_number() over (partition by bare_name order by file_id) as place
    from named

),

in_error as (

    {{ rows_in_error(ref('int_sales__row_findings'), 'transactions') }}

),

delivered as (

    {{ touched_rows(transactions, 'source_sale_id') }}

),

stated as (

    select
        delivered.*,
        deliveries.source_name,
        in_error._row_id is not null as is_error
    from delivered
    inner join deliveries on delivered._file_id = deliveries.file_id
    left join in_error on delivered._row_id = in_error._row_id
    where delivered.source_sale_id is not null

),

sales as (

    {{ agreed_numbers(
        'stated',
        number='source_sale_id',
        source='source_name',
        facts=[
            'source_customer_id', 'product_id', 'sales_date', 'total_cost_minor',
            'currency_code',
        ],
    ) }}

),

identified as (

    -- the sale that came first keeps its number; others have their source with
    -- it, and none can be taken for another or for the line of a file
    select
        stated.*,
        case
            when
                coalesce(sales.is_first, true)
                and stated.source_sale_id not like '%/%'
                and stated.source_sale_id not like '%.%#%'
                then stated.source_sale_id
            else
                coalesce(sales.first_source, stated.source_name)
                || case
                    when stated.source_sale_id like '%#%' then '//' else '/'
                end
                || stated.source_sale_id
        end as sale_id
    from stated
    left join sales
        on
            stated.source_sale_id = sales.source_sale_id
            and stated.source_name = sales.source_name

),

versioned as (

    {{ version_rows(
        'identified',
        key='sale_id',
        columns=columns,
        state=[
            'source_customer_id',
            'source_store_id',
            'source_salesperson_id',
            'product_id',
            'price_minor',
            'quantity',
            'total_cost_minor',
            'currency_code',
            'sales_date',
        ],
    ) }}

),

lines as (

    select
        transactions.*,
        deliveries.bare_name || '#' || case
            when deliveries.kind = 'period' or deliveries.place = 1 then ''
            else deliveries.place || '.'
        end || transactions._record as sale_id,
        deliveries.source_name,
        deliveries.bare_name,
        deliveries.kind,
        deliveries.place as delivery_number,
        deliveries.latest_file_id,
        in_error._row_id is not null as is_error,
        deliveries.latest_file_id > deliveries.file_id as is_replaced
    from deliveries
    inner join {{ transactions }} as transactions
        on deliveries.file_id = transactions._file_id
    left join in_error on transactions._row_id = in_error._row_id
    where
        transactions.source_sale_id is null
        and deliveries.latest_file_id > {{ watermark() }}
    {{ cleaning.computed_once() }}

),

counted as (

    -- the nth of equal lines in each delivery of a name
    select
        _row_id,
        _file_id,
        bare_name,
        {{ json_array_text(line) }} as content,
        row_number() over (
            partition by _file_id, {{ line | join(', ') }} order by _record
        ) as occurrence
    from lines
    where
        kind = 'changes'
        and not is_error
        and bare_name in (
            select several.bare_name from deliveries as several
            where several.place > 1
        )
    {{ cleaning.computed_once() }}

),

repeated as (

    select _row_id
    from (
        select
            _row_id,
            row_number() over (
                partition by bare_name, content, occurrence order by _file_id
            ) as place
        from counted
    ) as placed
    where place > 1

),

nameless as (

    select
        lines.*,
        case
            when lines.is_error then 'error'
            when lines.kind = 'period' and lines.is_replaced
                then 'superseded'
            when repeated._row_id is not null then 'unchanged'
            else 'current'
        end as row_status
    from lines
    left join repeated on lines._row_id = repeated._row_id

),

final as (

    {% for rows, delivery_number in [
        ('versioned', 'cast(null as bigint)'), ('nameless', 'delivery_number'),
    ] -%}
    {{ 'union all' if not loop.first }}
    select
        {{ columns | join(',\n        ') }},
        coalesce(sales_date, '') as sales_day,
        {{ delivery_number }} as delivery_number,
        row_status,
        latest_file_id,
        _row_id,
        _file_id,
        _record,
        _line,
        _loaded_at
    from {{ rows }}
    {% endfor %}

)

select * from final
