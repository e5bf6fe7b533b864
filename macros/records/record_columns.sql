{#- The columns of a table with the files of many systems, as staging gives them,
    from its declaration: a list of {name, given, data_type}, its key first.
    Money ends in `_minor`, in the minor unit of its currency. -#}
{% macro record_columns(source_name, table_name) -%}
  {%- set settings = record_settings(source_name, table_name) -%}
  {%- set used_up = [settings.id] + settings.clocks.values() | sum(start=[]) -%}
  {%- set found = [
      {'name': settings.key, 'given': settings.id, 'data_type': 'text'}
  ] -%}
  {%- if settings.group | length > 1 -%}
    {%- do found.append({
        'name': 'order_group', 'given': settings.group[0], 'data_type': 'text',
    }) -%}
  {%- endif -%}
  {%- for column in (
      source_table(source_name, table_name).columns.values() if execute else []
  ) if column.name not in used_up -%}
    {%- set kind = column.data_type or 'text' -%}
    {%- do found.append({
        'name': column.name ~ ('_minor' if kind == 'money' else ''),
        'given': column.name, 'data_type': kind,
    }) -%}
  {%- endfor -%}
  {{ return(found) }}
{%- endmacro %}
