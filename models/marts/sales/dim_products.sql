-- Products of the catalogue as last delivered, and products that only sales or
-- orders have named, as they were spelt first. Sales name a product and give no
-- identifier, so the name is its key, in lower case.
-- Grain: one row per product.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='product_id',
    post_hook="{{ caught_up() }}",
) }}
{%- set order_lines = ref('fct_order_lines') %}
{%- set ordered_product = cleaning.lower_text('product_name') %}

with

catalogue as (

    {{ touched_states(ref('int_sales_entities__versioned'), 'entity_key') }}

),

sales as (

    select * from {{ ref('int_sales__versioned') }}

),

sold_only as (

    select
        product_id,
        min(_row_id) as first_row_id
    from sales
    where
        product_id in (
            select newer.product_id from sales as newer
            where newer.latest_file_id > {{ watermark() }}
        )
        and product_id not in (
            select known.entity_id
            from {{ ref('int_sales_entities__versioned') }} as known
            where known.table_name = 'products' and known.row_status = 'current'
        )
    group by product_id

),

-- products that only order lines have named
ordered as (

    select
        {{ ordered_product }} as product_id,
        product_name,
        latest_file_id,
        _row_id,
        _file_id
    from {{ order_lines }}
    where product_name is not null
    {{ cleaning.computed_once() }}

),

ordered_only as (

    select
        product_id,
        product_name,
        _row_id,
        _file_id,
        row_number() over (
            partition by product_id order by _file_id, _row_id
        ) as place
    from ordered
    where
        product_id in (
            select newer.product_id from ordered as newer
            where newer.latest_file_id > {{ watermark() }}
        )
        and product_id not in (
            select sold.product_id from sales as sold
            where sold.product_id is not null
        )
        and product_id not in (
            select known.entity_id
            from {{ ref('int_sales_entities__versioned') }} as known
            where known.table_name = 'products' and known.row_status = 'current'
        )

),

final as (

    select
        entity_id as product_id,
        {{ json_value('attributes', 'product_name') }} as product_name,
        {{ json_value('attributes', 'source_product_id') }}
            as source_product_id,
        not is_gone as is_in_catalogue,
        {%- for column in ['price_cents', 'old_price_cents'] %}
        cast({{ json_value('attributes', column) }} as bigint) as {{ column }},
        {%- endfor %}
        {{ json_value('attributes', 'created_at') }} as created_at,
        last_changed_at as updated_at,
        {{ json_value('attributes', 'expiry_date') }} as expiry_date,
        abs(_row_id) as _row_id,
        _file_id
    from catalogue
    where table_name = 'products'

    union all

    select
        sales.product_id,
        sales.source_product_name as product_name,
        null as source_product_id,
        false as is_in_catalogue,
        null as price_cents,
        null as old_price_cents,
        null as created_at,
        null as updated_at,
        null as expiry_date,
        sales._row_id,
        sales._file_id
    from sold_only
    inner join sales on sold_only.first_row_id = sales._row_id

    union all

    select
        product_id,
        product_name,
        null as source_product_id,
        false as is_in_catalogue,
        null as price_cents,
        null as old_price_cents,
        null as created_at,
        null as updated_at,
        null as expiry_date,
        _row_id,
        _file_id
    from ordered_only
    where place = 1

)

select * from final
