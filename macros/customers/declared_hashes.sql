{#- The columns that hold hashes, by `hash` of their declaration: a list of {source,
    table, column, of, algorithm, form}, an entry for each form; of a source and a table
    or of all. A declaration that comes later counts from the next build on. -#}
{% macro declared_hashes(source_name=none, table_name=none) -%}
  {%- set found = [] -%}
  {%- for table in (graph.sources.values() if execute else [])
      | sort(attribute='unique_id')
      if source_name in [none, table.source_name] and table_name in [none, table.name]
  -%}
    {%- for column in table.columns.values()
        if column.config.get('meta', {}).get('hash') -%}
      {%- set hash = column.config.meta.hash -%}
      {%- for form in ([hash.form] if hash.form is string else hash.form) -%}
        {%- do found.append({
            'source': table.source_name, 'table': table.name, 'column': column.name,
            'of': hash.of, 'algorithm': hash.algorithm, 'form': form,
        }) -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(found) }}
{%- endmacro %}
