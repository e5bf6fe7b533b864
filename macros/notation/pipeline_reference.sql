{#- The identifier of a pipeline: as its system or its name gives it, else `default`,
    scoped. -#}
{% macro pipeline_reference(scope, key) -%}
coalesce({{ key }}, {{ scope }} || ':default', 'default')
{%- endmacro %}
