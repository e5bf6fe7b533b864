{#- The FROM and WHERE of order lines that are sales: of orders that count as sold, no
    refunds, and of an order that several systems report once. A whole order counts
    where its system delivers no lines. -#}
{% macro sold_lines() -%}
from {{ ref('fct_order_lines') }} as lines
    inner join {{ ref('fct_orders') }} as orders
        on lines.order_id = orders.order_id
    where
        orders.is_sale
        and not lines.is_refund
        and (not lines.is_whole_order or orders.line_count = 0)
        and lines.order_id not in (
            select reports.order_id
            from {{ ref('bridge_order_reports') }} as reports
        )
{%- endmacro %}
