{#- The order that a number leads to: by the number of an order, with or without the
    sign that some shops write before it or the prefix under which WooCommerce gives
    it to PayPal, or by its identifier in a shop. NULL where that are several. A whole select of order_number, order_id and order_count;
    `numbers` names a CTE with distinct order numbers. -#}
{% macro orders_by_number(numbers, orders) -%}
{%- set own = "'gid://shopify/Order/'" -%}
select
        order_number,
        case when count(*) = 1 then min(order_id) end as order_id,
        count(*) as order_count
    from (
        select distinct
            found.order_number,
            coalesce(reports.counted_id, found.order_id) as order_id
        from (
            select
                spelled.order_number,
                orders.order_id
            from (
                {#- a union, so that what it writes is looked up and not each time made -#}
                select
                    order_number,
                    order_number as written
                from {{ numbers }}
                union
                select
                    order_number,
                    '#' || order_number as written
                from {{ numbers }}
                union
                select
                    order_number,
                    substr(order_number, 4) as written
                from {{ numbers }}
                where order_number like 'WC-_%'
            ) as spelled
            inner join {{ orders }} as orders
                on spelled.written = orders.order_number
            union
            select
                identified.order_number,
                orders.order_id
            from (
                select distinct
                    numbers.order_number,
                    shops.scope || replace(numbers.order_number, {{ own }}, '')
                        as order_id
                from {{ numbers }} as numbers
                cross join (
                    select distinct coalesce(id_scope || ':', '') as scope
                    from {{ ref('stg_ingest__files') }}
                    where source_name = 'commerce' and table_name = 'order_lines'
                ) as shops
            ) as identified
            inner join {{ orders }} as orders
                on identified.order_id = orders.order_id
        ) as found
        left join {{ ref('bridge_order_reports') }} as reports
            on
                found.order_id = reports.order_id
                and reports.evidence <> 'delivered as a sale'
    ) as led
    group by order_number
{%- endmacro %}
