{#- The order that a number leads to, where it is that of one order alone; with or
    without the sign that some shops write before it. A whole select of order_number
    and order_id; `numbers` names a CTE with distinct order numbers. -#}
{% macro orders_by_number(numbers, orders) -%}
select
        order_number,
        min(order_id) as order_id
    from (
        {% for written in ['', "'#' || "] -%}
        {{ 'union' if not loop.first }}
        select
            numbers.order_number,
            orders.order_id
        from {{ numbers }} as numbers
        inner join {{ orders }} as orders
            on {{ written }}numbers.order_number = orders.order_number
        {% endfor -%}
    ) as found
    group by order_number
    having count(*) = 1
{%- endmacro %}
