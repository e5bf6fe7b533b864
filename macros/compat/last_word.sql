{#- What stands behind the last blank of a text; the text itself without one. -#}
{% macro last_word(x) -%}
  {{ return(adapter.dispatch('last_word', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro sqlite__last_word(x) -%}
substr({{ x }}, length(rtrim({{ x }}, replace({{ x }}, ' ', ''))) + 1)
{%- endmacro %}


{% macro default__last_word(x) -%}
regexp_extract({{ x }}, '[^ ]*$')
{%- endmacro %}
