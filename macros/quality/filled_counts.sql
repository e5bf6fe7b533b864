{#- For each file newer than the watermark its records, and per declared column
    of its table those with a value, as a JSON array; a whole select. -#}
{% macro filled_counts() -%}
{%- set tables = (graph.sources.values() if execute else [])
    | sort(attribute='unique_id') | rejectattr('source_name', 'eq', 'ingest')
    | list -%}
{%- for table in tables -%}
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
    from {{ table.identifier }}
    where _file_id > {{ watermark() }}
    group by _file_id
    {% else -%}
    select 0 as _file_id, 0 as row_count, '[]' as counts
{%- endfor -%}
{%- endmacro %}
