{#- The condition that a column of a source table is declared so: with a data type, or
    with a key of its `meta`. -#}
{% macro is_declared_column(
    source_name, table_name, column_name, data_type=none, meta=none
) -%}
{%- set names = [''] -%}
{%- if execute -%}
  {%- for source in graph.sources.values() -%}
    {%- for column in source.columns.values()
        if data_type and column.data_type == data_type
        or meta and column.config.get('meta', {}).get(meta) -%}
      {%- do names.append(
          source.source_name ~ '.' ~ source.name ~ '.' ~ column.name
      ) -%}
    {%- endfor -%}
  {%- endfor -%}
{%- endif -%}
{{ source_name }} || '.' || {{ table_name }} || '.' || {{ column_name }} in (
            '{{ names | sort | join("', '") }}'
        )
{%- endmacro %}
