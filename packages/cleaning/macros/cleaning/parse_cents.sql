{#- An amount of money in any of the common notations as whole cents, or NULL. -#}
{% macro parse_cents(x, decimal_mark='.') -%}
    {{ return(cleaning.parse_minor(x, 2, decimal_mark)) }}
{%- endmacro %}
