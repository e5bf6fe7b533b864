{#- Where a text first stands in another, from 1; 0 if it does not. -#}
{% macro position_of(part, x) -%}
    {{ return(
        adapter.dispatch('position_of', 'revenue_warehouse')(part, x)
    ) }}
{%- endmacro %}


{% macro default__position_of(part, x) -%}
strpos({{ x }}, '{{ part }}')
{%- endmacro %}


{% macro sqlite__position_of(part, x) -%}
instr({{ x }}, '{{ part }}')
{%- endmacro %}
