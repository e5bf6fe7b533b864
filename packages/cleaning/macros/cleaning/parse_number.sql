{#-
    A number in any of the common notations as a floating-point number, or
    NULL. A percent sign is read over: 15% is 15. Minus nought is nought.
-#}
{% macro parse_number(x, decimal_mark='.') -%}
cast({{ cleaning.plain_number(x, decimal_mark, ['', '%']) }} as {{ cleaning.double_type() }}) + 0.0
{%- endmacro %}


{% macro double_type() -%}
    {{ return(adapter.dispatch('double_type', 'cleaning')()) }}
{%- endmacro %}


{% macro default__double_type() -%}
double precision
{%- endmacro %}


{% macro sqlite__double_type() -%}
real
{%- endmacro %}
