{#- Where a text first occurs in another, from 1; 0 if it does not. -#}
{% macro position_of(x, part) -%}
  {{ return(adapter.dispatch('position_of', 'cleaning')(x, part)) }}
{%- endmacro %}


{% macro sqlite__position_of(x, part) -%}
instr({{ x }}, {{ part }})
{%- endmacro %}


{% macro default__position_of(x, part) -%}
strpos({{ x }}, {{ part }})
{%- endmacro %}
