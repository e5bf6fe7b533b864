{#- The metric: the middle value, or the mean of the two in the middle, an aggregate over
    rows with `rank` of their value, from 1, and `count` of all values of their group. -#}
{% macro median_of(value, rank, count) -%}
avg(
            case
                when 2 * {{ rank }} between {{ count }} and {{ count }} + 2
                    then {{ value }}
            end
        )
{%- endmacro %}
