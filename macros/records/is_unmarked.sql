{#- The condition that a number such as 1,234 could have thousands or decimals, in a
    file that shows nowhere which mark it writes. -#}
{% macro is_unmarked(name) -%}
case
        when _is_unmarked = 0 then false
        else {{ is_two_way('given_' ~ name) }}
    end
{%- endmacro %}
