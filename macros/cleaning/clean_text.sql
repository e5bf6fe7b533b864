{#- Free text on one line: white space tidied, missing markers as NULL. -#}
{% macro clean_text(x) -%}
    {{ return(tidy_text(x, missing_markers(), 'collapse')) }}
{%- endmacro %}
