{#- The condition that a column of a source table is declared `optional`: its
    absence from a file is not reported. -#}
{% macro is_optional(source_name, table_name, column_name) -%}
{%- set names = [''] -%}
{%- if execute -%}
  {%- for source in graph.sources.values() -%}
    {%- for column in source.columns.values()
        if column.config.get('meta', {}).get('optional') -%}
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
