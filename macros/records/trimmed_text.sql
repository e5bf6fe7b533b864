{#- A text without white space around it, of any kind: what engines trim by themselves
    differs. -#}
{% macro trimmed_text(x) -%}
{%- set blanks = cleaning.white_space('controls') + cleaning.white_space('wide')
    + cleaning.white_space('zero_width') -%}
trim({{ x }}, ' {{ blanks | join }}')
{%- endmacro %}
