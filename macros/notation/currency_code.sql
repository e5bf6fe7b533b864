{#- The ISO 4217 code of a currency that has a column of its own: a code in any case,
    a sign or a word of one currency only; NULL for any other text. -#}
{% macro currency_code(x, unknown='null') -%}
{{ cleaning.session_function(
    'currency_code', [x], currency_code__of, [ref('currencies'), unknown],
    [ref('currencies'), 'null'], unless=''
) }}
{%- endmacro %}


{% macro currency_code__of(x, currencies, unknown) -%}
{%- set words = {
    'us dollar': 'usd', 'u.s. dollar': 'usd', 'british pound': 'gbp',
    'pound sterling': 'gbp', 'swiss franc': 'chf', 'japanese yen': 'jpy',
    'yen': 'jpy', 'canadian dollar': 'cad', 'australian dollar': 'aud',
    'swedish krona': 'sek', 'norwegian krone': 'nok', 'danish krone': 'dkk',
    'indian rupee': 'inr', 'polish zloty': 'pln',
} -%}
{%- for sign, signed in cleaning.currencies_by_sign().items()
    if signed | length == 1 and sign != signed[0] -%}
  {%- do words.update({sign: signed[0]}) -%}
{%- endfor -%}
case
            when {{ x }} is null then null
            when upper({{ x }}) in (
                select currencies.code from {{ currencies }} as currencies
            ) then upper({{ x }})
            else case lower({{ x }})
                {%- for word, code in words.items() %}
                when '{{ word }}' then '{{ code | upper }}'
                {%- endfor %}
                {%- if unknown != 'null' %}
                {%- for sign, signed in cleaning.currencies_by_sign().items()
                    if signed | length > 1 %}
                when '{{ sign }}' then null
                {%- endfor %}
                else {{ unknown }}
                {%- endif %}
            end
        end
{%- endmacro %}
