{#- The spelling under which the names of one stage are alike, whether label or internal
    name: `Closed Won`, `closedwon`. -#}
{% macro stage_key(stage) -%}
replace({{ cleaning.code_key(stage) }}, ' ', '')
{%- endmacro %}
