{#- The words in the first records of each file newer than the watermark, of
    columns that can hold codes, without personal data; a whole select. -#}
{% macro sampled_cells(records=500) -%}
select
        sampled._file_id,
        {{ json_value('cell.value', 'column') }} as column_name,
        {{ json_value('cell.value', 'value') }} as column_value
    from (
    {% for table in delivered_tables() -%}
    {{ 'union all\n    ' if not loop.first }}select
        _file_id,
        '['
        {%- for column in table.columns.values()
            if column.data_type in ['text', 'boolean']
            and not column.config.get('meta', {}).get('pii') %}
        || '{{ ',' if not loop.first }}' || {{ json_object_text({
            'column': "'" ~ column.name ~ "'",
            'value': "nullif(trim(" ~ adapter.quote(column.name) ~ ", ' '), '')",
        }) }}
        {%- endfor %}
        || ']' as cells
    from {{ table.relation }}
    where _file_id > {{ watermark() }} and _record <= {{ records }}
    {% else -%}
    select 0 as _file_id, '[]' as cells
    {%- endfor %}
    ) as sampled
    {{ json_elements('sampled.cells', 'cell') }}
    where {{ json_value('cell.value', 'value') }} is not null
{%- endmacro %}
