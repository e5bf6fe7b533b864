{#- Free text on one line: white space tidied, missing markers as NULL; `missing`
    lists further ones, `kept` those that mean something here: NA is Namibia. -#}
{% macro clean_text(x, missing=[], kept=[]) -%}
    {{ return(
        cleaning.tidy_text(x, cleaning.text_markers(missing, kept), 'collapse')
    ) }}
{%- endmacro %}


{% macro text_markers(missing=[], kept=[]) -%}
    {{ return(
        cleaning.missing_markers() | reject('in', kept) | list + missing
    ) }}
{%- endmacro %}
