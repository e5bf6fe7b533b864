{#- The text before its last word. -#}
{% macro before_last_word(x) -%}
rtrim(rtrim({{ x }}, replace({{ x }}, ' ', '')), ' ')
{%- endmacro %}
