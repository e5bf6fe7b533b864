{#- Drop, create, insert, indexes and foreign key check in one transaction: a
    failed or killed build leaves the old table as it was. -#}
{% materialization table, adapter='sqlite' %}
  {{ return(build_table(sql)) }}
{% endmaterialization %}


{% materialization table, adapter='duckdb' %}
  {{ return(build_table(sql)) }}
{% endmaterialization %}


{% macro build_table(sql) %}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {% do begin_build() %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% do rebuild(sql) %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmacro %}


{#- `definition` is what the fingerprint is of, if not the query alone. -#}
{% macro rebuild(sql, definition=none) %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set fingerprint = build_fingerprint(definition or sql) -%}
  {%- set watermark = build_watermark() -%}
  {#- the model's own SQL asks for what is newer than its watermark -#}
  {% do save_build_state(fingerprint, -1, true) %}
  {% do drop_existing() %}
  {% if config.get('contract').enforced %}
    {% do run_sql(contracted_table_ddl(target, sql)) %}
    {% call statement('main') %}
      insert into {{ target }} ({{ model.columns | join(', ') }})
      select {{ model.columns | join(', ') }}
      from (
        {{ sql }}
      )
    {% endcall %}
  {% else %}
    {% call statement('main') %}
      create table {{ target }} as
      {{ sql }}
    {% endcall %}
  {% endif %}
  {% do create_indexes(target) %}
  {% do check_references(model) %}
  {% do save_build_state(fingerprint, watermark, true) %}
{% endmacro %}
