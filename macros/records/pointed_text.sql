{#- A number with a decimal point, whatever the decimal mark of its file is. -#}
{% macro pointed_text(x, decimal_mark) -%}
{%- set bare = 'trim(' ~ x ~ ', ' ~ beside_digits() ~ ')' -%}
case
        when {{ decimal_mark }} = '.' then {{ x }}
        when
            {{ x }} like '%,%'
            and {{ x }} not like '%.%' and {{ x }} not like '%,%,%'
            then replace({{ x }}, ',', '.')
        when
            {{ x }} like '%.%'
            and {{ x }} not like '%,%' and {{ x }} not like '%.%.%'
            and substr({{ bare }}, length({{ bare }}) - 3, 1) = '.'
            then replace({{ x }}, '.', '')
        else {{ x }}
    end
{%- endmacro %}


{#- What can stand around the digits of an amount, as an SQL literal. -#}
{% macro beside_digits() -%}
' ()+-−abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$€£¥￥円元₩₫₹{{ '\u00a0\u202f' }}'
{%- endmacro %}
