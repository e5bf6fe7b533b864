{#- For each file newer than the watermark its records, and per declared column
    of its table those with a value, as a JSON array; a whole select. -#}
{% macro filled_counts() -%}
{%- for table in delivered_tables() -%}
    {{ 'union all\n    ' if not loop.first }}select
        _file_id,
        count(*) as row_count,
        '['
        {%- for column in table.columns %}
        || '{"column":"{{ column }}","filled":'
        || count(nullif(trim({{ adapter.quote(column) }}, ' '), ''))
        || '}{{ ',' if not loop.last }}'
        {%- endfor %}
        || ']' as counts
    from {{ table.relation }}
    where _file_id > {{ watermark() }}
    group by _file_id
    {% else -%}
    select 0 as _file_id, 0 as row_count, '[]' as counts
{%- endfor -%}
{%- endmacro %}
