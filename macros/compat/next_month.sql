{#- The month after one written as YYYY-MM. -#}
{% macro next_month(month) -%}
case
            when substr({{ month }}, 6, 2) = '12'
                then cast(
                    cast(substr({{ month }}, 1, 4) as integer) + 1 as text
                ) || '-01'
            else substr({{ month }}, 1, 5) || substr(cast(
                cast(substr({{ month }}, 6, 2) as integer) + 101 as text
            ), 2)
        end
{%- endmacro %}
