{#- Ten to the power of a whole number from 0 to 18, an integer. -#}
{% macro power_of_ten(exponent) -%}
cast(substr('1000000000000000000', 1, {{ exponent }} + 1) as bigint)
{%- endmacro %}
