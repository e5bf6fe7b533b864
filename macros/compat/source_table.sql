{#- The declaration of a source table, from the sources YAML. -#}
{% macro source_table(source_name, table_name) %}
  {%- for source in graph.sources.values()
      if source.source_name == source_name and source.name == table_name -%}
    {{ return(source) }}
  {%- endfor -%}
  {%- do exceptions.raise_compiler_error(
      'source_table: no source ' ~ source_name ~ '.' ~ table_name
      ~ ' is declared'
  ) -%}
{% endmacro %}
