{#- The identifier of what a record refers to by identifier or by name, such as its
    owner: that of the system, scoped, or the name in lower case, scoped. -#}
{% macro named_reference(given) -%}
{%- set bare = bare_reference(given) -%}
case
            when {{ given }} is null then null
            when {{ is_system_id(bare) }} then {{ kept_id(given) }}
            else coalesce(_scope || ':', '') || {{ cleaning.lower_text(bare) }}
        end
{%- endmacro %}
