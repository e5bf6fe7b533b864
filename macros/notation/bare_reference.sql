{#- A scoped reference without its scope, as its system has it. -#}
{% macro bare_reference(given) -%}
case
                when _scope is null then {{ given }}
                else substr({{ given }}, length(_scope) + 2)
            end
{%- endmacro %}
