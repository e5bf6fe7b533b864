{#- What records name and nothing knows: rows in the shape of findings. Each
    lookup is [table, relation, record id, column found, column given, column
    as delivered]. -#}
{% macro unknown_values(rule, lookups) -%}
{%- for table, relation, record_id, found, given, column in lookups %}
    {{- '\n\n    union all\n\n    ' if not loop.first }}select
        '{{ table }}' as table_name,
        {{ record_id }} as record_id,
        '{{ rule }}' as rule,
        '{{ column }}' as column_name,
        {{ given }} as source_value,
        _row_id
    from {{ relation }}
    where {{ found }} is null and {{ given }} is not null
{%- endfor %}
{%- endmacro %}
