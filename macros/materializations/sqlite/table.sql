{#- Drop, create, insert, indexes and foreign key check in one transaction: a
    failed or killed build leaves the old table as it was. -#}
{% materialization table, adapter='sqlite' %}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {% do sqlite_begin() %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% do sqlite_rebuild(sql) %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}


{% macro sqlite_rebuild(sql) %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set fingerprint = build_fingerprint(sql) -%}
  {%- set watermark = build_watermark() -%}
  {#- the model's own SQL asks for what is newer than its watermark -#}
  {% do save_build_state(fingerprint, -1, true) %}
  {% do sqlite_drop_existing() %}
  {% if config.get('contract').enforced %}
    {% do sqlite_run(contracted_table_ddl(target, sql)) %}
    {% call statement('main') %}
      insert into {{ target }} ({{ model.columns | join(', ') }})
      select {{ model.columns | join(', ') }}
      from (
        {{ sql }}
      )
    {% endcall %}
  {% else %}
    {% call statement('main') %}
      {{ create_table_as(False, target, sql) }}
    {% endcall %}
  {% endif %}
  {% do sqlite_create_indexes(target) %}
  {% do check_foreign_keys_of(this.identifier) %}
  {% do save_build_state(fingerprint, watermark, true) %}
{% endmacro %}
