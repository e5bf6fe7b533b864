{#- The tables of sales beside the sales themselves, each with its staging model and its
    key there. -#}
{% macro sales_entities() -%}
  {{ return({
      'customers': [ref('stg_sales__customers'), 'customer_id'],
      'products': [ref('stg_sales__products'), 'product_id'],
      'stores': [ref('stg_sales__stores'), 'store_id'],
      'salespeople': [ref('stg_sales__salespeople'), 'salesperson_id'],
  }) }}
{%- endmacro %}
