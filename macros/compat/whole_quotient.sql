{#- The whole part of a quotient of two integers. -#}
{% macro whole_quotient(dividend, divisor) -%}
    {{ return(adapter.dispatch('whole_quotient', 'revenue_warehouse')(
        dividend, divisor
    )) }}
{%- endmacro %}


{% macro sqlite__whole_quotient(dividend, divisor) -%}
({{ dividend }}) / ({{ divisor }})
{%- endmacro %}


{% macro default__whole_quotient(dividend, divisor) -%}
({{ dividend }}) // ({{ divisor }})
{%- endmacro %}


{% macro postgres__whole_quotient(dividend, divisor) -%}
({{ dividend }}) / ({{ divisor }})
{%- endmacro %}
