{#- The columns of declared sources that refer to a table, by `refers_to`: a table of
    the same source, or `source.table`; a whole select. -#}
{% macro declared_references() -%}
{%- set references = [] -%}
{%- for table in (graph.sources.values() if execute else [])
    | sort(attribute='unique_id') -%}
  {%- for column in table.columns.values()
      if column.config.get('meta', {}).get('refers_to') -%}
    {%- set parts = column.config.meta.refers_to.split('.') -%}
    {%- do references.append({
        'source': table.source_name, 'table': table.name, 'column': column.name,
        'to_source': parts[0] if parts | length > 1 else table.source_name,
        'to_table': parts[-1],
    }) -%}
  {%- endfor -%}
{%- endfor -%}
select
        {{ json_value('declared.value', 'source') }} as source_name,
        {{ json_value('declared.value', 'table') }} as table_name,
        {{ json_value('declared.value', 'column') }} as column_name,
        {{ json_value('declared.value', 'to_source') }} as to_source_name,
        {{ json_value('declared.value', 'to_table') }} as to_table_name
    from (select '{{ tojson(references) | replace("'", "''") }}' as list) as given
    {{ json_elements('given.list', 'declared') }}
{%- endmacro %}
