{#- A join with the elements of a JSON array, each in `<alias>.value`. -#}
{% macro json_elements(column, alias) -%}
  {{ return(
      adapter.dispatch('json_elements', 'revenue_warehouse')(column, alias)
  ) }}
{%- endmacro %}


{% macro sqlite__json_elements(column, alias) -%}
cross join json_each({{ column }}) as {{ alias }}
{%- endmacro %}


{% macro default__json_elements(column, alias) -%}
cross join unnest(cast({{ column }} as json[])) as {{ alias }} (value)
{%- endmacro %}
