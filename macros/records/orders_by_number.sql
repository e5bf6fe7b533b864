{#- The order that a number leads to, where it is that of one order alone; with or
    without the sign that some shops write before it. A whole select of order_number
    and order_id; `numbers` names a CTE with distinct order numbers. -#}
{% macro orders_by_number(numbers, orders) -%}
select
        order_number,
        min(order_id) as order_id
    from (
        select distinct
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
        ) as spelled
        inner join {{ orders }} as orders
            on spelled.written = orders.order_number
    ) as found
    group by order_number
    having count(*) = 1
{%- endmacro %}
