{#- A value that is no text (an amount, a number, a date, yes or no) without blanks
    around it, NULL for markers of missing values. -#}
{% macro plain_value(x) -%}
case
        when
            lower({{ trimmed_text(x) }}) not in (
                '{{ cleaning.missing_markers() | join("', '") }}'
            )
            and trim({{ x }}, ' -–—_') <> ''
            then ltrim({{ trimmed_text(x) }}, '''')
    end
{%- endmacro %}
