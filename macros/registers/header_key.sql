{#- A header without case, blanks and punctuation, as ingestion matches headers. -#}
{% macro header_key(x) -%}
{{ replace_each(
    lower_text(x),
    [
        ' ', '_', '-', '.', ',', ':', ';', '/', '(', ')', '#', '&', "'", '?',
        '*', '\n',
    ],
    ''
) }}
{%- endmacro %}
