{#- The stock form leaves deleted records open (`hard_deletes`), and reads the whole
    snapshot for each row of it. -#}
{% macro sqlite_strict__snapshot_merge_sql(target, source, insert_cols) %}
  {%- set names = config.get('snapshot_table_column_names')
      or get_snapshot_table_column_names() -%}
  {%- set ended = "dbt_change_type in ('update', 'delete')" -%}
  {%- do adapter.add_query(
      'update ' ~ target ~ ' set ' ~ names.dbt_valid_to ~ ' = (select '
      ~ names.dbt_valid_to ~ ' from ' ~ source ~ ' as ended where ended.'
      ~ names.dbt_scd_id ~ ' = ' ~ target.identifier ~ '.' ~ names.dbt_scd_id
      ~ ' and ' ~ ended ~ ') where ' ~ names.dbt_valid_to ~ ' is null and '
      ~ names.dbt_scd_id ~ ' in (select ' ~ names.dbt_scd_id ~ ' from ' ~ source
      ~ ' where ' ~ ended ~ ')',
      auto_begin=False
  ) -%}
  insert into {{ target }} ({{ insert_cols | join(', ') }})
  select {{ insert_cols | join(', ') }}
  from {{ source }}
  where dbt_change_type = 'insert'
{% endmacro %}
