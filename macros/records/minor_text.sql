{#- An amount ready for parse_cents, which then gives minor units of its currency:
    with a decimal point, and moved by an exponent where the currency has another
    number of decimals than two. -#}
{% macro minor_text(x, decimal_mark, currency) -%}
{%- set pointed -%}
case
        when
            {{ decimal_mark }} = ',' and {{ x }} like '%,%'
            and {{ x }} not like '%.%' and {{ x }} not like '%,%,%'
            then replace({{ x }}, ',', '.')
        when
            {{ decimal_mark }} = ',' and {{ x }} like '%.%'
            and {{ x }} not like '%,%' and {{ x }} not like '%.%.%'
            and substr(
                trim({{ x }}, {{ beside_digits() }}),
                length(trim({{ x }}, {{ beside_digits() }})) - 3, 1
            ) = '.'
            then replace({{ x }}, '.', '')
        else {{ x }}
    end
{%- endset -%}
{%- set before = 'rtrim(' ~ pointed ~ ', ' ~ beside_digits() ~ ')' -%}
case
        when {{ currency }} in ({{ currencies_with(0) }})
            then {{ before }} || 'e-2'
                || substr({{ pointed }}, length({{ before }}) + 1)
        when {{ currency }} in ({{ currencies_with(3) }})
            then {{ before }} || 'e1'
                || substr({{ pointed }}, length({{ before }}) + 1)
        else {{ pointed }}
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
