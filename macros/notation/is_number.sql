{#- The condition that an amount is a number in one of the notations, with a decimal
    point or a decimal comma. -#}
{% macro is_number(x) -%}
coalesce(
                {{ is_number__read(x, '.') }}, {{ is_number__read(x, ',') }}
            ) is not null
{%- endmacro %}


{% macro is_number__read(x, mark) -%}
{{ cleaning.plain_number(
    cleaning.clean_text(x), mark, cleaning.currency_signs()
) }}
{%- endmacro %}
