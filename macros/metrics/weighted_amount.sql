{#- The metric: the value of a deal by its chance of being won, a percentage, in whole
    minor units; NULL where that is no chance. -#}
{% macro weighted_amount(amount, probability) -%}
case
            when {{ probability }} between 0 and 100
                then cast({{ cleaning.nearest(amount ~ ' * ' ~ probability ~ ' / 100') }} as bigint)
        end
{%- endmacro %}
