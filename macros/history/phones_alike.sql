{#- The spellings of a telephone number by key, where a key has several, with what the
    notations of one number have in common. Only these need be read. -#}
{% macro phones_alike(relation, key, column) -%}
select
        {{ key }},
        {{ column }} as spelling,
        {{ phone_alike(column) }} as alike
    from (
        select distinct
            {{ key }},
            {{ column }}
        from {{ relation }}
        where {{ key }} in (
            select {{ key }}
            from {{ relation }}
            group by {{ key }}
            having min({{ column }}) < max({{ column }})
        )
    ) as spelt
{%- endmacro %}
