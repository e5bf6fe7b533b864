{#- A number that makes a quotient a floating-point one, where a literal such as 1.0
    does not: PostgreSQL has decimals for it. -#}
{% macro as_double(x) -%}
  {{ return(adapter.dispatch('as_double', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__as_double(x) -%}
{{ x }}
{%- endmacro %}


{% macro postgres__as_double(x) -%}
cast({{ x }} as double precision)
{%- endmacro %}
