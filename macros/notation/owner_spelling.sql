{#- An owner as named, without the mark that the user has left, such as `(Deactivated
    User)`, which would make another owner. -#}
{% macro owner_spelling(x) -%}
case
            when {{ is_former_owner(x) }}
                then trim(substr(
                    {{ x }}, 1,
                    length(rtrim({{ x }}, replace({{ x }}, '(', ''))) - 1
                ), ' ')
            else {{ x }}
        end
{%- endmacro %}
