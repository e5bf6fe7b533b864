{#- The condition that a number, as text, is between 0 and 1. -#}
{% macro is_up_to_one(x) -%}
{{ cleaning.session_function('is_up_to_one', [x], is_up_to_one__of) }}
{%- endmacro %}


{% macro is_up_to_one__of(x) -%}
{%- set v = 'replace(trim(' ~ x ~ ", ' '), ',', '.')" -%}
(
    trim({{ v }}, '0123456789.') = ''
    and (
        {{ v }} like '.%' or {{ v }} = '0' or {{ v }} like '0.%' or {{ v }} = '1'
        or ({{ v }} like '1.%' and trim({{ v }}, '0') = '1.')
    )
)
{%- endmacro %}


{#- The condition that it is between them, and neither. -#}
{% macro is_up_to_one__within(x) -%}
({{ is_up_to_one(x) }} and trim(replace(trim({{ x }}, ' '), ',', '.'), '0.') not in ('', '1'))
{%- endmacro %}
