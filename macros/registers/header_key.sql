{#- A header without case, blanks and punctuation, as ingestion matches headers. -#}
{% macro header_key(x) -%}
{{ cleaning.replace_each(
    cleaning.lower_text(x),
    [
        ' ', '_', '-', '.', ',', ':', ';', '/', '(', ')', '#', '&', "'", '?',
        '*', '\n',
    ],
    ''
) }}
{%- endmacro %}
