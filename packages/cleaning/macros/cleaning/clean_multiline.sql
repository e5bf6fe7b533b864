{#- Free text as written; its line breaks become line feeds. -#}
{% macro clean_multiline(x) -%}
    {{ return(cleaning.tidy_text(x, cleaning.missing_markers(), 'lines')) }}
{%- endmacro %}
