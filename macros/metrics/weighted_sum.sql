{#- The value of several deals by their probability, an aggregate: NULL where one that
    has an amount has no probability, for the others' sum would pass for that of all. -#}
{% macro weighted_sum(weighted, amount) -%}
case
            when count({{ weighted }}) = count({{ amount }})
                then cast(coalesce(sum({{ weighted }}), 0) as bigint)
        end
{%- endmacro %}
