{#- The keys that a column has several values for: those for which it is worth
    finding out whether these are one value in several notations. -#}
{% macro varied_keys(relation, key, column) -%}
select {{ key }}
    from {{ relation }}
    group by {{ key }}
    having min({{ column }}) < max({{ column }})
{%- endmacro %}
