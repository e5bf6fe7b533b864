{#- References to records of the same source that were never delivered, by
    `refers_to` in the declarations; rows in the shape of findings, a whole select,
    for tables whose versions `table_versions` makes. -#}
{% macro broken_references(source_name) -%}
{%- set tables = judged_tables(source_name) -%}
{%- set references = [] -%}
{%- for table, judged in tables.items() -%}
  {%- for column in (
      source_table(source_name, table).columns.values() if execute else []
  ) -%}
    {%- set to = column.config.get('meta', {}).get('refers_to') -%}
    {%- if to in tables -%}
      {%- do references.append([table, judged, column.name, tables[to]]) -%}
    {%- endif -%}
  {%- endfor -%}
{%- endfor -%}
{%- for table, judged, column, parent in references -%}
{{ '\n    union all\n    ' if not loop.first }}select
        '{{ table }}' as table_name,
        child.{{ judged.id }} as record_id,
        'reference_unknown' as rule,
        '{{ column }}' as column_name,
        child.source_{{ column }} as source_value,
        child._row_id
    from {{ ref(judged.states) }} as child
    left join {{ ref(parent.states) }} as parent
        on
            child.source_{{ column }} = parent.{{ parent.id }}
            and parent.row_status = 'current'
    where
        child.row_status = 'current'
        and child.source_{{ column }} is not null
        and parent.{{ parent.id }} is null
{%- else -%}
select
        null as table_name,
        null as record_id,
        null as rule,
        null as column_name,
        null as source_value,
        null as _row_id
    where 1 = 0
{%- endfor -%}
{%- endmacro %}
