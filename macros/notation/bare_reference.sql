{#- A scoped reference without its scope, as its system has it. -#}
{% macro bare_reference(given, scope='_scope') -%}
case when {{ scope }} is null then {{ given }} else substr({{ given }}, length({{ scope }}) + 2) end
{%- endmacro %}
