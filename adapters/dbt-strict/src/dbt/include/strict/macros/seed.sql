{% materialization seed, adapter='sqlite_strict' %}
  {{ return(dbt.build_seed()) }}
{% endmaterialization %}


{% materialization seed, adapter='duckdb_strict' %}
  {{ return(dbt.build_seed()) }}
{% endmaterialization %}


{% materialization seed, adapter='postgres_strict' %}
  {{ return(dbt.build_seed()) }}
{% endmaterialization %}


{#- Loads a seed as one transaction, and only when its rows or settings changed.
    Columns have the types of `column_types`; those of a unique index are its
    key, are NOT NULL but for columns with `meta: {optional: true}`, and need no data
    tests. A column of other things than
    words needs a type: dbt reads 01234 as 1234. -#}
{% macro build_seed() %}
  {%- set types = config.get('column_types') or {} -%}
  {%- set rows = load_agate_table() -%}
  {%- do store_result('agate_table', response='OK', agate_table=rows) -%}
  {%- set target = this.incorporate(type='table') -%}
  {%- for column in rows.columns if column.name not in types -%}
    {%- if column.values_without_nulls() | reject('string') | list -%}
      {%- do exceptions.raise_compiler_error(
          'seed ' ~ this.identifier ~ ': column ' ~ column.name
          ~ ' needs a type in column_types (text keeps it as it is written)'
      ) -%}
    {%- endif -%}
  {%- endfor -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {% do dbt.begin_build() %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {#- not dbt's checksum: that of a file over 1 MB is its path -#}
  {%- set fingerprint = dbt.build_fingerprint(
      rows.rows | map('list') | list | string
      ~ rows.column_names | string ~ types | tojson
  ) -%}
  {% if dbt.is_built_from(fingerprint) and not should_full_refresh() %}
    {% call noop_statement('main', 'UNCHANGED', 'UNCHANGED', rows.rows | length) %}{% endcall %}
  {% else %}
    {% do dbt.release_keys(true) %}
    {%- set made = dbt.begin_relation() %}
    {%- set keys = (config.get('indexes') or []) | selectattr('unique', 'true')
        | map(attribute='columns') | sum(start=[]) -%}
    {%- set columns = [] -%}
    {%- for name in rows.column_names -%}
      {%- set meta = (model.columns.get(name) or {}).get('meta') or {} -%}
      {%- do columns.append(
          name ~ ' ' ~ dbt.logical_type(types.get(name, 'text'))
          ~ (' not null' if name in keys and not meta.optional else '')
      ) -%}
    {%- endfor -%}
    {% do adapter.dispatch('write_seed')(made, rows, columns) %}
    {% do dbt.save_build_state(fingerprint, -1, true) %}
    {% call noop_statement('main', 'INSERT', 'INSERT', rows.rows | length) %}{% endcall %}
  {% endif %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target]}) }}
{% endmacro %}


{#- The stock form binds 10,000 rows at once, which is more variables than
    SQLite takes (32,766) from four columns on. -#}
{% macro sqlite__load_csv_rows(model, agate_table) %}
  {%- set names = agate_table.column_names -%}
  {%- set marks = '(' ~ (['?'] * names | length) | join(', ') ~ ')' -%}
  {%- for chunk in agate_table.rows | batch(32766 // names | length) -%}
    {%- set values = [] -%}
    {%- for row in chunk -%}
      {%- do values.extend(adapter.transform_seed_row(row)) -%}
    {%- endfor -%}
    {%- do adapter.add_query(
        'insert into ' ~ this ~ ' (' ~ names | join(', ') ~ ') values '
        ~ ([marks] * chunk | length) | join(', '),
        bindings=values,
        abridge_sql_log=True
    ) -%}
  {%- endfor -%}
{% endmacro %}


{#- A table of that name with the rows of a seed. -#}
{% macro default__write_seed(made, rows, columns) %}
  {% do dbt.run_sql(
      'create table ' ~ made ~ ' (' ~ columns | join(', ') ~ ')'
      ~ dbt.table_options()
  ) %}
  {% do dbt.create_indexes(made) %}
  {% do dbt.finish_relation(made, 'table') %}
  {% do load_csv_rows(model, rows) %}
{% endmacro %}
