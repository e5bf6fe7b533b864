-- Orders that another report counts already: another system or account has the
-- order under the same identifier, names that as its number, or a sale was
-- delivered under it. An identifier of fewer than eight characters is one that
-- any shop can have.
-- Grain: one row per order that does not count.
{{ config(materialized='table') }}

with

files as (

    select
        file_id,
        coalesce(id_scope || ':', '') as scope
    from {{ ref('stg_ingest__files') }}

),

orders as (

    select
        orders.order_id,
        orders.order_number,
        files.scope,
        substr(orders.order_id, length(files.scope) + 1) as bare_id,
        orders._row_id
    from {{ ref('fct_orders') }} as orders
    inner join files on orders._file_id = files.file_id
    {{ cleaning.computed_once() }}

),

shared as (

    select
        bare_id,
        min(_row_id) as first_row_id
    from orders
    where length(bare_id) >= 8
    group by bare_id
    having min(scope) <> max(scope)

),

sales as (

    select distinct
        sale_id,
        source_sale_id
    from {{ ref('int_sales__versioned') }}
    where row_status = 'current' and length(source_sale_id) >= 8

),

reports as (

    select
        orders.order_id,
        first_orders.order_id as counted_id,
        'same identifier' as evidence,
        2 as place
    from shared
    inner join orders on shared.bare_id = orders.bare_id
    inner join orders as first_orders
        on
            shared.bare_id = first_orders.bare_id
            and shared.first_row_id = first_orders._row_id
    where orders.order_id <> first_orders.order_id

    union all

    select
        orders.order_id,
        named.order_id as counted_id,
        'number is the identifier' as evidence,
        3 as place
    from orders
    inner join orders as named on orders.order_number = named.bare_id
    where orders.scope <> named.scope and length(named.bare_id) >= 8

    union all

    select
        orders.order_id,
        sales.sale_id as counted_id,
        'delivered as a sale' as evidence,
        1 as place
    from orders
    inner join sales on orders.bare_id = sales.source_sale_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by order_id order by place, counted_id
        ) as choice
    from reports

),

final as (

    select
        order_id,
        counted_id,
        evidence
    from ranked
    where choice = 1

)

select * from final
