{#- Runs one statement and returns its rows as tuples. Much cheaper than
    run_query(), which makes every answer an agate table. -#}
{% macro run_sql(sql) %}
  {%- set _, cursor = adapter.add_query(sql, auto_begin=False) -%}
  {#- PostgreSQL's cursor has no rows of what is no query -#}
  {{ return(cursor.fetchall() if cursor.description else []) }}
{% endmacro %}


{#- The names of a relation's columns, in their order. Cheaper by far than
    adapter.get_columns_in_relation(), which runs a macro over agate tables. -#}
{% macro column_names(relation) %}
  {%- set _, cursor = adapter.add_query(
      'select * from ' ~ relation ~ ' limit 0', auto_begin=False
  ) -%}
  {{ return(cursor.description | map('first') | list) }}
{% endmacro %}


{#- Opens a write transaction on the node's own connection; `adapter.commit()`
    ends it, and whatever fails before leaves everything as it was. -#}
{% macro begin_build(foreign_keys=false) %}
  {%- if model.resource_type in ['model', 'seed'] and this.schema != target.schema -%}
    {%- do exceptions.raise_compiler_error(
        model.name ~ ': ' ~ target.type ~ ' builds in one schema, ' ~ target.schema
        ~ ', got: ' ~ this.schema
    ) -%}
  {%- endif -%}
  {{ return(
      adapter.dispatch('begin_build')(foreign_keys)
  ) }}
{% endmacro %}


{#- Optimizing a long query takes DuckDB longer than running it over a few rows. Each
    node has a connection of its own, so that this holds for the node alone. -#}
{% macro duckdb__begin_build(foreign_keys) %}
  {% call statement('begin') -%}
    pragma {{ 'disable' if dbt.reads_few_rows() else 'enable' }}_optimizer
  {%- endcall %}
{% endmacro %}


{#- Whether what the model reads has few rows: a few thousand. DuckDB knows how many a
    table has, and rows_of_source() those of a source. What cannot be known counts as
    many. -#}
{% macro reads_few_rows() %}
  {%- if not this -%}{{ return(false) }}{%- endif -%}  {#- a hook -#}
  {%- set parents = dbt.build_parents() -%}
  {%- set counts = [] -%}
  {%- for source in parents.sources -%}
    {%- do counts.append(rows_of_source(source)) -%}
  {%- endfor -%}
  {%- if none in counts -%}{{ return(false) }}{%- endif -%}
  {%- for name in parents.stored | unique -%}
    {%- do counts.append(dbt.rows_of(name)) -%}
  {%- endfor -%}
  {%- if dbt.kind_of_relation(this.identifier) == 'table' -%}
    {%- do counts.append(dbt.rows_of(this.identifier)) -%}
  {%- endif -%}
  {{ return(
      not counts or dbt.run_sql(
          'select coalesce((' ~ counts | join('), 0) + coalesce((') ~ '), 0)'
      )[0][0] < 5000
  ) }}
{% endmacro %}


{% macro rows_of(name) %}
  {{ return('select count(*) from ' ~ api.Relation.create(
      database=target.database, schema=target.schema, identifier=name
  )) }}
{% endmacro %}


{#- Pragmas are set here because plain dbt opens a new connection for every node,
    and before the transaction because foreign_keys is ignored inside one. The update
    changes nothing, but takes the write lock before anything was read: a
    transaction that reads first fails at once if another writer commits
    meanwhile, whatever its timeout. One script: each statement of its own costs
    more in dbt than in SQLite.

    A sort takes as much memory as the cache may have, and writes the rest to a
    file, which is also quicker than one long sort in memory. Each intermediate result
    of a query has a cache of its own, as large as that of the database. -#}
{% macro sqlite__begin_build(foreign_keys) %}
  {%- set _, cursor = adapter.add_query(
      'pragma busy_timeout = 60000', auto_begin=False
  ) -%}
  {% do cursor.executescript(
      'pragma cache_size = -4096;'
      ~ 'pragma temp_store = file;'
      ~ 'pragma temp.cache_size = -16384;'
      ~ 'pragma synchronous = normal;'
      ~ 'pragma foreign_keys = ' ~ ('on' if foreign_keys else 'off') ~ ';'
      ~ dbt.build_state_ddl()
  ) %}
  {% call statement('begin') %}
    update _build_state set watermark = watermark where relation is null
  {% endcall %}
{% endmacro %}


{#- 'table' or 'view', or none if there is no relation of that name. -#}
{% macro kind_of_relation(name) %}
  {{ return(adapter.dispatch('kind_of_relation')(name)) }}
{% endmacro %}


{% macro default__kind_of_relation(name) %}
  {%- set found = dbt.run_sql(
      "select case table_type when 'VIEW' then 'view' else 'table' end"
      ~ " from information_schema.tables"
      ~ " where table_schema = '" ~ target.schema
      ~ "' and table_name = '" ~ name ~ "'"
  ) -%}
  {{ return(found[0][0] if found else none) }}
{% endmacro %}


{% macro duckdb__kind_of_relation(name) %}
  {{ return(adapter.kind_of_relation(target.database, target.schema, name)) }}
{% endmacro %}


{% macro sqlite__kind_of_relation(name) %}
  {%- set found = dbt.run_sql(
      "select type from sqlite_master where name = '" ~ name
      ~ "' and type in ('table', 'view')"
  ) -%}
  {{ return(found[0][0] if found else none) }}
{% endmacro %}


{% macro drop_existing() %}
  {%- set kind = dbt.kind_of_relation(this.identifier) -%}
  {%- if kind -%}
    {%- do dbt.run_sql('drop ' ~ kind ~ ' ' ~ this) -%}
  {%- endif -%}
{% endmacro %}


{#- Makes room for a relation that is built anew; returns the name to build it under. -#}
{% macro begin_relation() %}
  {{ return(adapter.dispatch('begin_relation')()) }}
{% endmacro %}


{% macro default__begin_relation() %}
  {%- do dbt.drop_existing() -%}
  {{ return(this.incorporate(type='table')) }}
{% endmacro %}


{#- Puts what was built under that name, a table or a view, in its place. -#}
{% macro finish_relation(made, kind) %}
  {{ return(adapter.dispatch('finish_relation')(made, kind)) }}
{% endmacro %}


{% macro default__finish_relation(made, kind) %}{% endmacro %}
