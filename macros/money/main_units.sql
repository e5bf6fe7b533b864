{#- An amount as people read it, in the main unit of its currency, from integer
    minor units. An unknown currency has two decimals. -#}
{% macro main_units(minor, currency, decimals=none) -%}
{%- set decimals = decimals or currency_decimals(currency) -%}
case
            when {{ minor }} is not null
                then cast({{ minor }} as {{ cleaning.double_type() }})
                    / case {{ decimals }}
                        when 0 then 1
                        when 1 then 10
                        when 3 then 1000
                        when 4 then 10000
                        else 100
                    end
        end
{%- endmacro %}
