{#- Whole days from one date or timestamp to another, by their dates. -#}
{% macro days_between(since, until) -%}
  {{ return(
      adapter.dispatch('days_between', 'revenue_warehouse')(since, until)
  ) }}
{%- endmacro %}


{% macro sqlite__days_between(since, until) -%}
cast(
    julianday(substr({{ until }}, 1, 10))
    - julianday(substr({{ since }}, 1, 10)) as integer
)
{%- endmacro %}


{% macro default__days_between(since, until) -%}
(
    cast(substr({{ until }}, 1, 10) as date)
    - cast(substr({{ since }}, 1, 10) as date)
)
{%- endmacro %}
