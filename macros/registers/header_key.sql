{#- A header without case, blanks and punctuation, as ingestion matches headers. -#}
{% macro header_key(x) -%}
{{ cleaning.translated_text(
    cleaning.lower_text(x), ' _-.,:;/()#&\'?*\n', ''
) }}
{%- endmacro %}
