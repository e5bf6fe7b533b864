{#- An identifier or code: trimmed, otherwise as delivered. -#}
{% macro clean_code(x) -%}
    {{ return(tidy_text(x, missing_markers(), 'keep')) }}
{%- endmacro %}
