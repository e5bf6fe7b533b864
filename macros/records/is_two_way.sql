{#- The condition that a number such as 1,234 could have thousands or decimals. -#}
{% macro is_two_way(x) -%}
{{ cleaning.session_function(
    'is_two_way', [x], is_two_way__of, unless=x ~ " not glob '*[.,]*'", value='false'
) }}
{%- endmacro %}


{% macro is_two_way__of(x) -%}
({{ cleaning.amount_ambiguous(x, '.') }} or {{ cleaning.amount_ambiguous(x, ',') }})
{%- endmacro %}
