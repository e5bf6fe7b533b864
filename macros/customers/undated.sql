{#- A time after every other, of what has none, so that it comes last. -#}
{% macro undated() -%}
'9999-12-31T23:59:59.999999Z'
{%- endmacro %}
