{#- A JSON array as text, from a list of SQL expressions. Unlike plain
    concatenation it tells NULL from empty and cannot run two values together. -#}
{% macro json_array_text(expressions) -%}
  {{ return(
      adapter.dispatch('json_array_text', 'revenue_warehouse')(expressions)
  ) }}
{%- endmacro %}


{% macro sqlite__json_array_text(expressions) -%}
json_array({{ expressions | join(', ') }})
{%- endmacro %}


{% macro default__json_array_text(expressions) -%}
cast(json_array({{ expressions | join(', ') }}) as text)
{%- endmacro %}
