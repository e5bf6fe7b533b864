{#- A reference by name, as int_crm__aliases knows it. -#}
{% macro name_reference(scope, name) -%}
'name:' || coalesce({{ scope }}, '') || ':' || {{ cleaning.lower_text(name) }}
{%- endmacro %}
