{#- The identifier of what a record refers to by identifier or by name, such as its
    owner: that of the system, scoped, or the name in lower case, scoped. -#}
{% macro named_reference(given) -%}
{{ cleaning.session_function(
    'named_reference', [given, '_scope'], named_reference__of, unless=''
) }}
{%- endmacro %}


{% macro named_reference__of(given, scope) -%}
{%- set bare = bare_reference(given, scope) -%}
case
            when {{ given }} is null then null
            when {{ is_system_id(bare) }} then {{ kept_id__of(given) }}
            else coalesce({{ scope }} || ':', '') || {{ cleaning.lower_text(bare) }}
        end
{%- endmacro %}
