{#- The column that says whether a file lacks a declared one. -#}
{% macro lacks_column(column) -%}
lacks_{{ column | replace('/', '_or_') | replace('&', '_with_') }}
{%- endmacro %}
