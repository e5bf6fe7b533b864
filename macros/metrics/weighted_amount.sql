{#- The metric: the value of a deal by its chance of being won, a percentage, in whole
    minor units. -#}
{% macro weighted_amount(amount, probability) -%}
cast(round({{ amount }} * {{ probability }} / 100) as bigint)
{%- endmacro %}
