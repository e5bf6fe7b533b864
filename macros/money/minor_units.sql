{#- An amount in the minor unit of its currency, of which judged_versions gives the
    decimals: that of most is a hundredth, which is read already. -#}
{% macro minor_units(cents, given, decimal_mark) -%}
case
            when coalesce(_decimals, 2) = 2 then {{ cents }}
            else {{ cleaning.parse_minor(given, '_decimals', decimal_mark) }}
        end
{%- endmacro %}
