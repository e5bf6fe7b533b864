{#- A month written as YYYY-MM, or the beginning of a time, as a number: months
    are as far apart as their numbers. -#}
{% macro month_number(month) -%}
(
            12 * cast(substr({{ month }}, 1, 4) as integer)
            + cast(substr({{ month }}, 6, 2) as integer)
        )
{%- endmacro %}
