{#- One rule for each required column of a source table, from its declaration:
    without its identifier a record goes no further, the others are errors, in
    rows for which the condition `where` holds. -#}
{% macro required_findings(
    source_name, table_name, record_id='id', where=''
) %}
  {%- set rules = [] -%}
  {%- if execute -%}
    {%- set table = source_table(source_name, table_name) -%}
    {%- for column in table.columns.values()
        if column.config.get('meta', {}).get('required') -%}
      {%- do rules.append([
          'id_missing' if column.name == record_id else 'required_missing',
          column.name,
          'given_' ~ column.name ~ ' is null'
          ~ (' and ' ~ where if where and column.name != record_id else ''),
      ]) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(rules) }}
{% endmacro %}
