{#- The identifier of a stage: that of its pipeline and its folded name. -#}
{% macro stage_reference(scope, key, stage) -%}
{{ pipeline_reference(scope, key) }} || ':' || {{ cleaning.code_key(stage) }}
{%- endmacro %}
