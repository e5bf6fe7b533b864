{#- The models of a step of identity resolution, by entity. -#}
{% macro identity_models(step) -%}
    {%- set models = {} -%}
    {%- for entity in var('identity') -%}
        {%- do models.update({entity: ref('int_' ~ entity ~ '__' ~ step)}) -%}
    {%- endfor -%}
    {{ return(models) }}
{%- endmacro %}
