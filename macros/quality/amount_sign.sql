{#- What is left of an amount without its digits and marks, in lower case: the sign or
    the code of its currency. -#}
{% macro amount_sign(x) -%}
    {{ return(adapter.dispatch('amount_sign', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro default__amount_sign(x) -%}
translate(
            lower({{ x }}),
            '-0123456789.,:()+ {{ '\u00a0\u202f\u2009' }}''’−–—', ''
        )
{%- endmacro %}


{% macro sqlite__amount_sign(x) -%}
{%- set marks = '-0123456789.,:()+ \u00a0\u202f\u2009\'’−–—' | list -%}
{{ cleaning.replace_each(
            'lower(' ~ x ~ ')',
            ['Ł', 'Č', 'Л', 'В', 'İ', '\u212a'] + marks,
            ['ł', 'č', 'л', 'в', 'i', 'k'] + [''] * marks | length
        ) }}
{%- endmacro %}
