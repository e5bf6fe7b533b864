{#- Free text as written; its line breaks become line feeds. -#}
{% macro clean_multiline(x) -%}
    {{ return(tidy_text(x, missing_markers(), 'lines')) }}
{%- endmacro %}
