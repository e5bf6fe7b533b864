{#- The condition that a column of a source table is declared as an amount of money. -#}
{% macro is_amount(source_name, table_name, column_name) -%}
{%- set names = [''] -%}
{%- if execute -%}
  {%- for source in graph.sources.values() -%}
    {%- for column in source.columns.values() if column.data_type == 'money' -%}
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
