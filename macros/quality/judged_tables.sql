{#- The tables of a source that are judged, by name, as `vars: domains` has them. -#}
{% macro judged_tables(source_name) -%}
  {{ return(var('domains').get(source_name) or {}) }}
{%- endmacro %}
