{#- A floating-point number with so many decimals. By whole numbers, for engines
    differ in the last digit of what round(x, decimals) gives. -#}
{% macro rounded_to(x, decimals) -%}
{%- set scale = '1e' ~ decimals -%}
({{ cleaning.nearest('(' ~ cleaning.as_double('(' ~ x ~ ')') ~ ' * ' ~ scale ~ ')') }} / {{ scale }})
{%- endmacro %}
