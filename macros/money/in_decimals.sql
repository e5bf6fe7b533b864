{#- An amount that was read in hundredths, in the minor unit of a currency with these
    decimals. -#}
{% macro in_decimals(x, decimals) -%}
case {{ decimals }}
            when 0 then cast({{ cleaning.nearest(x ~ ' / 100.0') }} as bigint)
            when 3 then {{ x }} * 10
            when 4 then {{ x }} * 100
            else {{ x }}
        end
{%- endmacro %}
