{#- The identifier of a shop's customer among all customers. Files in the folder of the
    domain itself have no scope of their own: without one, their numbers would be those
    of the customers of sales. -#}
{% macro shop_customer_id(scope, key) -%}
case when {{ scope }} is null then 'commerce:' || {{ key }} else {{ key }} end
{%- endmacro %}
