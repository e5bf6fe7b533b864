{#- A floating-point number with so many decimals. -#}
{% macro rounded_to(x, decimals) -%}
  {{ return(adapter.dispatch('rounded_to', 'cleaning')(x, decimals)) }}
{%- endmacro %}


{% macro default__rounded_to(x, decimals) -%}
round({{ x }}, {{ decimals }})
{%- endmacro %}


{#- Of floating-point numbers PostgreSQL rounds to whole ones only. -#}
{% macro postgres__rounded_to(x, decimals) -%}
cast(round(cast({{ x }} as numeric), {{ decimals }}) as double precision)
{%- endmacro %}
