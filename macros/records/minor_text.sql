{#- An amount with a decimal point, ready for parse_cents, which then gives minor
    units of its currency: the point is moved by an exponent where the currency has
    another number of decimals than two. -#}
{% macro minor_text(x, currency) -%}
{%- set before = 'rtrim(' ~ x ~ ', ' ~ beside_digits() ~ ')' -%}
case
        when {{ currency }} in ({{ currencies_with(0) }})
            then {{ before }} || 'e-2' || substr({{ x }}, length({{ before }}) + 1)
        when {{ currency }} in ({{ currencies_with(3) }})
            then {{ before }} || 'e1' || substr({{ x }}, length({{ before }}) + 1)
        else {{ x }}
    end
{%- endmacro %}


{#- What can stand around the digits of an amount, as an SQL literal. -#}
{% macro beside_digits() -%}
' ()+-−abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$€£¥￥円元₩₫₹{{ '\u00a0\u202f' }}'
{%- endmacro %}


{#- Currencies with 0 or with 3 decimals, by ISO 4217, as a list of SQL literals. -#}
{% macro currencies_with(decimals) -%}
'{{ {
    0: ['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF',
        'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'],
    3: ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'],
}[decimals] | join("', '") }}'
{%- endmacro %}
