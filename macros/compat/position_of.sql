{#- Where a text first contains another, from 1; 0 if it does not. -#}
{% macro position_of(part, whole) -%}
  {{ return(
      adapter.dispatch('position_of', 'revenue_warehouse')(part, whole)
  ) }}
{%- endmacro %}


{% macro sqlite__position_of(part, whole) -%}
instr({{ whole }}, {{ part }})
{%- endmacro %}


{% macro default__position_of(part, whole) -%}
strpos({{ whole }}, {{ part }})
{%- endmacro %}
