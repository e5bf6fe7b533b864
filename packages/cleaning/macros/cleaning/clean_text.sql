{#- Free text on one line: white space tidied, missing markers as NULL; `missing`
    lists further ones, `kept` those that mean something here: NA is Namibia. -#}
{% macro clean_text(x, missing=[], kept=[]) -%}
    {%- set markers = cleaning.missing_markers() | reject('in', kept) | list -%}
    {{ return(cleaning.tidy_text(x, markers + missing, 'collapse')) }}
{%- endmacro %}
