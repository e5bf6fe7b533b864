-- Sales, each once, whichever ways it came.
-- Grain: one row per sale.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='sale_id',
    indexes=[
        {'columns': ['sales_date']},
        {'columns': ['customer_id']},
        {'columns': ['product_id']},
        {'columns': ['_row_id']},
    ],
    post_hook="
        delete from {{ this }}
        where
            _row_id in (
                select gone._row_id from {{ ref('int_sales__versioned') }} as gone
                where gone.row_status in ('superseded', 'unchanged', 'error')
            )
            or _row_id in (
                select told._row_id from {{ ref('int_sales__pairs') }} as told
                where told.kept_row_id <> told._row_id
            )
            -- of two sales that have turned out to be one
            or (
                source_sale_id is not null
                and sale_id like '%/%'
                and sale_id not in (
                    select present.sale_id
                    from {{ ref('int_sales__versioned') }} as present
                    where
                        present.row_status = 'current'
                        and present.source_sale_id is not null
                        and present.sale_id like '%/%'
                )
            )
    ",
) }}
{%- set versioned = ref('int_sales__versioned') %}

with

-- all of them, or those of days in which something has changed and those whose
-- customer, store or seller is new
touched as (

    select * from {{ versioned }}
    where {{ watermark() }} < 0 and row_status = 'current'
    union all
    select * from {{ versioned }}
    where
        {{ watermark() }} >= 0
        and row_status = 'current'
        and _row_id in (
            select of_day._row_id
            from {{ versioned }} as of_day
            where
                of_day.sales_day in (
                    select newer.sales_day from {{ versioned }} as newer
                    where newer.latest_file_id > {{ watermark() }}
                )
            {%- for parent, key, column in [
                (ref('dim_customers'), 'customer_id', 'source_customer_id'),
                (ref('dim_stores'), 'store_id', 'source_store_id'),
                (ref('dim_salespeople'), 'salesperson_id',
                    'source_salesperson_id'),
            ] %}
            union
            select child._row_id
            from {{ parent }} as parent
            inner join {{ versioned }} as child
                on parent.{{ key }} = child.{{ column }}
            where parent.first_file_id > {{ watermark() }}
            {%- endfor %}
        )

),

final as (

    select
        touched.sale_id,
        cast(replace(touched.sales_date, '-', '') as integer) as date_id,
        touched.product_id,
        customers.customer_id,
        stores.store_id,
        salespeople.salesperson_id,
        touched.sales_date,
        touched.quantity,
        touched.price_cents,
        touched.total_cost_cents,
        touched.total_cost_cents - touched.price_cents * touched.quantity
            as difference_cents,
        touched.source_name,
        touched.source_sale_id,
        touched.source_customer_id,
        touched.source_store_id,
        touched.source_salesperson_id,
        touched.source_product_name,
        touched.source_sales_date,
        touched._row_id,
        touched._file_id
    from touched
    left join {{ ref('int_sales__pairs') }} as pairs
        on touched._row_id = pairs._row_id
    left join {{ ref('dim_customers') }} as customers
        on touched.source_customer_id = customers.customer_id
    left join {{ ref('dim_stores') }} as stores
        on touched.source_store_id = stores.store_id
    left join {{ ref('dim_salespeople') }} as salespeople
        on touched.source_salesperson_id = salespeople.salesperson_id
    where pairs._row_id is null or pairs.kept_row_id = pairs._row_id

)

select * from final
