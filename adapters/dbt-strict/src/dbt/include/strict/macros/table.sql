{#- Drop, create, insert, indexes and foreign key check in one transaction: a
    failed or killed build leaves the old table as it was. -#}
{% materialization table, adapter='sqlite_strict' %}
  {{ return(dbt.build_table(sql)) }}
{% endmaterialization %}


{% materialization table, adapter='duckdb_strict' %}
  {{ return(dbt.build_table(sql)) }}
{% endmaterialization %}


{% materialization table, adapter='postgres_strict' %}
  {{ return(dbt.build_table(sql)) }}
{% endmaterialization %}


{% macro build_table(sql) %}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {% do dbt.begin_build() %}
  {% do dbt.release_keys(true) %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% do dbt.rebuild(sql) %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmacro %}


{#- `definition` is what the fingerprint is of, if not the query alone. -#}
{% macro rebuild(sql, definition=none) %}
  {%- set fingerprint = dbt.build_fingerprint(definition or sql) -%}
  {%- set watermark = dbt.build_watermark() -%}
  {#- the model's own SQL selects what is newer than its watermark -#}
  {% do dbt.save_build_state(fingerprint, -1, true) %}
  {%- set made = dbt.begin_relation() %}
  {% do adapter.dispatch('write_relation')(made, sql) %}
  {% do dbt.finish_relation(made, 'table') %}
  {% do dbt.check_keys() %}
  {% do dbt.check_references(model) %}
  {% do dbt.save_build_state(fingerprint, watermark, true) %}
{% endmacro %}


{#- A table of that name with the rows of a query. -#}
{% macro default__write_relation(made, sql) %}
  {% if config.get('contract').enforced %}
    {% do dbt.run_sql(dbt.contracted_table_ddl(made, sql)) %}
    {% call statement('main') %}
      {%- set names = [] -%}
      {%- for column in model.columns.values() -%}
        {%- do names.append(dbt.quoted_name(column)) -%}
      {%- endfor %}
      insert into {{ made }} ({{ names | join(', ') }})
      select {{ names | join(', ') }}
      from (
        {{ sql }}
      ) as _rows
    {% endcall %}
  {% else %}
    {% call statement('main') %}
      create table {{ made }} as
      {{ sql }}
    {% endcall %}
  {% endif %}
  {% do dbt.create_indexes(made) %}
{% endmacro %}
