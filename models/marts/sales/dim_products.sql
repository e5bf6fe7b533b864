-- Products of the catalogue as last delivered, and products that only sales
-- have named, as they were spelt first. Sales name a product and give no
-- identifier, so the name is its key, in lower case.
-- Grain: one row per product.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='product_id',
) }}

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

final as (

    select
        entity_id as product_id,
        {{ json_value('attributes', 'product_name') }} as product_name,
        {{ json_value('attributes', 'source_product_id') }}
            as source_product_id,
        true as is_in_catalogue,
        {%- for column in ['price_cents', 'old_price_cents'] %}
        cast({{ json_value('attributes', column) }} as bigint) as {{ column }},
        {%- endfor %}
        {{ json_value('attributes', 'created_at') }} as created_at,
        last_changed_at as updated_at,
        {{ json_value('attributes', 'expiry_date') }} as expiry_date,
        _row_id,
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

)

select * from final
