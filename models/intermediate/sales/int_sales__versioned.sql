-- Delivered sales, and which of them count. A sale with an identifier is what
-- was last said of it, whichever way that came; of sales without one those
-- count that stand in the newest file of their name.
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

with

files as (

    select
        file_id,
        case
            when file_name like '%/%' then {{ text_before('file_name', '/') }}
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

    select
        *,
        max(file_id) over (partition by bare_name) as latest_file_id
    from files

),

in_error as (

    {{ rows_in_error(ref('int_sales__row_findings'), 'transactions') }}

),

delivered as (

    {{ touched_rows(transactions, 'source_sale_id') }}

),

identified as (

    select
        delivered.*,
        delivered.source_sale_id as sale_id,
        deliveries.source_name,
        in_error._row_id is not null as is_error
    from delivered
    inner join deliveries on delivered._file_id = deliveries.file_id
    left join in_error on delivered._row_id = in_error._row_id
    where delivered.source_sale_id is not null

),

versioned as (

    {{ version_rows(
        'identified',
        key='sale_id',
        state=[
            'source_customer_id',
            'source_store_id',
            'source_salesperson_id',
            'product_id',
            'price_cents',
            'quantity',
            'total_cost_cents',
            'sales_date',
        ],
    ) }}

),

nameless as (

    select
        transactions.*,
        deliveries.bare_name || '#' || transactions._record as sale_id,
        deliveries.source_name,
        case
            when in_error._row_id is not null then 'error'
            when deliveries.latest_file_id > deliveries.file_id
                then 'superseded'
            else 'current'
        end as row_status,
        deliveries.latest_file_id
    from deliveries
    inner join {{ transactions }} as transactions
        on deliveries.file_id = transactions._file_id
    left join in_error on transactions._row_id = in_error._row_id
    where
        transactions.source_sale_id is null
        and deliveries.latest_file_id > {{ watermark() }}

),

final as (

    {% for rows in ['versioned', 'nameless'] -%}
    {{ 'union all' if not loop.first }}
    select
        sale_id,
        source_name,
        source_sale_id,
        source_customer_id,
        source_store_id,
        source_salesperson_id,
        product_id,
        source_product_name,
        price_cents,
        quantity,
        total_cost_cents,
        sales_date,
        source_sales_date,
        coalesce(sales_date, '') as sales_day,
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
