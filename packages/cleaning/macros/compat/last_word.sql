{#- The last word of a text; words are divided by blanks. -#}
{% macro last_word(x) -%}
substr({{ x }}, length(rtrim({{ x }}, replace({{ x }}, ' ', ''))) + 1)
{%- endmacro %}
