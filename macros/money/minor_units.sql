{#- An amount in the minor unit of its currency, with its decimals in `_decimals`: that
    of most is a hundredth, which is read already. -#}
{% macro minor_units(cents, given, decimal_mark) -%}
case
            when coalesce(_decimals, 2) = 2 then {{ cents }}
            else {{ cleaning.parse_minor(
                '(case when _decimals <> 2 then ' ~ given ~ ' end)',
                '_decimals', decimal_mark
            ) }}
        end
{%- endmacro %}
