{#-
    A date as eight digits, YYYYMMDD, for comparison digit by digit. One that
    does not exist keeps the digits it has: they are mostly right.
-#}
{% macro date_digits(x) -%}
coalesce(
    case
        when {{ x }} like '____-__-__' then replace({{ x }}, '-', '')
        when length({{ x }}) = 8 then {{ cleaning.text_digits(x) }}
    end,
    replace({{ cleaning.parse_date(x) }}, '-', ''),
    {{ cleaning.text_digits(x) }}
)
{%- endmacro %}
