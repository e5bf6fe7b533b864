{#- When versions of a record first met a condition, if an earlier one did not: nobody
    knows since when the first one that is known does. An aggregate. -#}
{% macro seen_since(condition, valid_from='valid_from') -%}
case
            when
                min({{ valid_from }})
                < min(case when {{ condition }} then {{ valid_from }} end)
                then min(case when {{ condition }} then {{ valid_from }} end)
        end
{%- endmacro %}
