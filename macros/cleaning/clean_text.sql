{#- Free text on one line: white space tidied, missing markers as NULL; `missing`
    lists further ones, in lower case. -#}
{% macro clean_text(x, missing=[]) -%}
    {{ return(tidy_text(x, missing_markers() + missing, 'collapse')) }}
{%- endmacro %}
