{#- The columns of all declared sources, with the scores below which they are
    to be warned of, who answers for the source, whether their table is judged, and
    whether a file may lack them; a whole select. The text is one literal: as one select for
    each column it would be more than SQLite takes. -#}
{% macro declared_columns() -%}
{%- set limits = {
    'warn_below': var('quality_warn_below'),
    'fail_below': var('quality_fail_below'),
} -%}
{%- set columns = [] -%}
{%- set owners = {} -%}
{%- for group in (graph.groups.values() if execute else []) -%}
  {%- do owners.update({group.name: group.owner.name}) -%}
{%- endfor -%}
{%- for table in (graph.sources.values() if execute else [])
    | sort(attribute='unique_id') if table.source_name != 'ingest' -%}
  {%- set own = dict(limits) -%}
  {%- do own.update((table.source_meta or {}).get('quality', {})) -%}
  {%- do own.update(table.config.meta.get('quality', {})) -%}
  {%- for column in table.columns -%}
    {%- do columns.append({
        'source': table.source_name, 'table': table.name, 'column': column,
        'warn_below': own.warn_below, 'fail_below': own.fail_below,
        'responsible': owners.get(table.source_name),
        'is_judged': 1 if table.name in judged_tables(table.source_name) else 0,
        'is_optional': 1 if table.columns[column].config.get('meta', {}).get('optional')
            else 0,
    }) -%}
  {%- endfor -%}
{%- endfor -%}
select
        {{ json_value('declared.value', 'source') }} as source_name,
        {{ json_value('declared.value', 'table') }} as table_name,
        {{ json_value('declared.value', 'column') }} as column_name,
        cast({{ json_value('declared.value', 'warn_below') }} as {{ cleaning.double_type() }})
            as warn_below,
        cast({{ json_value('declared.value', 'fail_below') }} as {{ cleaning.double_type() }})
            as fail_below,
        {{ json_value('declared.value', 'responsible') }} as responsible,
        cast({{ json_value('declared.value', 'is_judged') }} as integer)
            as is_judged,
        cast({{ json_value('declared.value', 'is_optional') }} as integer)
            as is_optional
    from (select '{{ tojson(columns) | replace("'", "''") }}' as list) as given
    {{ json_elements('given.list', 'declared') }}
{%- endmacro %}
