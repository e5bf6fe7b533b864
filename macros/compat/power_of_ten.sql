{#- Ten to the power of a whole number from 0 to 18, an integer. -#}
{% macro power_of_ten(exponent) -%}
  {{ return(adapter.dispatch('power_of_ten', 'revenue_warehouse')(exponent)) }}
{%- endmacro %}


{% macro default__power_of_ten(exponent) -%}
cast(substr('1000000000000000000', 1, {{ exponent }} + 1) as bigint)
{%- endmacro %}


{#- substr() takes integers, no larger ones. -#}
{% macro postgres__power_of_ten(exponent) -%}
cast(substr('1000000000000000000', 1, cast({{ exponent }} as integer) + 1) as bigint)
{%- endmacro %}
