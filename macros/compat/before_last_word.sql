{#- What stands before the last word of a text. -#}
{% macro before_last_word(x) -%}
rtrim(rtrim({{ x }}, replace({{ x }}, ' ', '')))
{%- endmacro %}
