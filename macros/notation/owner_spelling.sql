{#- An owner as named, without the mark that the user has left, such as `(Deactivated
    User)`, which would make another owner. -#}
{% macro owner_spelling(x) -%}
{{ cleaning.session_function(
    'owner_spelling', [x], owner_spelling__of, unless=x ~ " not like '%(%'", value=x
) }}
{%- endmacro %}


{% macro owner_spelling__of(x) -%}
case
            when {{ is_former_owner__of(x) }}
                then trim(substr(
                    {{ x }}, 1,
                    length(rtrim({{ x }}, replace({{ x }}, '(', ''))) - 1
                ), ' ')
            else {{ x }}
        end
{%- endmacro %}
