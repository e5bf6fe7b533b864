{#- Free text that keeps its line breaks, written as line feeds. -#}
{% macro clean_multiline(x) -%}
    {{ return(tidy_text(x, missing_markers(), 'lines')) }}
{%- endmacro %}
