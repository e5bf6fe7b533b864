{#- The day after a timestamp or date, as YYYY-MM-DD. -#}
{% macro next_day(expression) -%}
  {{ return(adapter.dispatch('next_day', 'revenue_warehouse')(expression)) }}
{%- endmacro %}


{% macro sqlite__next_day(expression) -%}
date({{ expression }}, '+1 day')
{%- endmacro %}


{% macro default__next_day(expression) -%}
cast(cast(substr({{ expression }}, 1, 10) as date) + 1 as text)
{%- endmacro %}
