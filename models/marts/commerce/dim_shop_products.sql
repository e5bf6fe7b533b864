-- Products and variants of shop systems as last delivered. A row that holds
-- neither a variant nor a price, such as one of a further picture, is none.
-- Grain: one row per variant of a system.
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='shop_product_id',
    indexes=[{'columns': ['sku']}, {'columns': ['latest_file_id']}],
) }}
{%- set products = ref('int_shop_products__versioned') %}

with

variants as (

    {{ touched_states(products, 'product_key') }}

),

-- the name of a product is on its first row alone
titles as (

    select
        product_id,
        max(title) as title,
        max(vendor) as vendor,
        max(category) as category,
        max(status) as status
    from {{ products }}
    where
        row_status = 'current'
        and product_id in (select variants.product_id from variants)
    group by product_id

),

final as (

    select
        variants.product_key as shop_product_id,
        variants.product_id,
        variants.sku,
        coalesce(variants.title, titles.title) as product_name,
        variants.variant,
        coalesce(variants.vendor, titles.vendor) as vendor,
        coalesce(variants.category, titles.category) as category,
        coalesce(variants.status, titles.status) as source_status,
        variants.parent,
        variants.currency as currency_code,
        variants.price_minor,
        {{ main_units('variants.price_minor', 'variants.currency') }} as price,
        variants.sale_price_minor,
        variants.cost_minor,
        variants.latest_file_id,
        variants._row_id,
        variants._file_id
    from variants
    left join titles on variants.product_id = titles.product_id
    where
        variants.sku is not null
        or variants.price_minor is not null
        or variants.variant is not null
        or variants.title is not null

)

select * from final
