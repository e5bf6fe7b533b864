{#- The tables of sources, but for the ledger's, as [{relation, columns}]. While dbt
    parses, it knows no declarations: `vars: domains` names what it notes as read. -#}
{% macro delivered_tables() -%}
  {%- set found = [] -%}
  {%- if execute -%}
    {%- for table in graph.sources.values() | sort(attribute='unique_id')
        | rejectattr('source_name', 'eq', 'ingest') -%}
      {%- do found.append({
          'relation': source(table.source_name, table.name),
          'columns': table.columns,
      }) -%}
    {%- endfor -%}
  {%- else -%}
    {%- for name, tables in var('domains').items() -%}
      {%- for table in tables -%}{%- do source(name, table) -%}{%- endfor -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(found) }}
{%- endmacro %}
