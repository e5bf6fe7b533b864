{% materialization view, adapter='sqlite_strict' %}
  {{ return(dbt.build_view(sql)) }}
{% endmaterialization %}


{% materialization view, adapter='duckdb_strict' %}
  {{ return(dbt.build_view(sql)) }}
{% endmaterialization %}


{% materialization view, adapter='postgres_strict' %}
  {{ return(dbt.build_view(sql)) }}
{% endmaterialization %}


{#- SQLite accepts a view over a missing column; reading it once does not. -#}
{% macro build_view(sql) %}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {% do dbt.begin_build() %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set fingerprint = dbt.build_fingerprint(sql) -%}
  {%- set made = dbt.begin_relation() %}
  {% call statement('main') %}
    create view {{ made }} as
    {{ dbt.view_header() }}
    {{ adapter.dispatch('without_schema')(sql) }}
  {% endcall %}
  {% do dbt.finish_relation(made, 'view') %}
  {% if config.get('contract').enforced %}
    {% do dbt.assert_contracted_columns('select * from ' ~ this) %}
  {% else %}
    {% do adapter.dispatch('look_at')(this) %}
  {% endif %}
  {% do dbt.save_build_state(fingerprint, dbt.build_watermark(), true) %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmacro %}


{#- Fails for a view that cannot be read. -#}
{% macro default__look_at(view) %}
  {% do dbt.run_sql('select 1 from ' ~ view ~ ' limit 0') %}
{% endmacro %}


{#- EXPLAIN compiles it; a limit of 0 works out what is materialized. -#}
{% macro sqlite__look_at(view) %}
  {% do dbt.run_sql('explain select 1 from ' ~ view) %}
{% endmacro %}


{#- The query of a view, for the file that it is kept in. -#}
{% macro default__without_schema(sql) %}
  {{- return(sql) -}}
{% endmacro %}


{#- SQLite opens no file under another name (`attach`) in which a view says `main`. What
    a common table expression has the name of keeps its schema, which it needs. -#}
{% macro sqlite__without_schema(sql) %}
  {%- set expressions = modules.re.findall(
      '(?i)\\b(\\w+)"?\\s*(?:\\([^()]*\\)\\s*)?as\\s*(?:(?:not\\s+)?materialized\\s*)?\\(',
      sql
  ) -%}
  {{- return(modules.re.sub(
      '(?i)\\b' ~ this.schema ~ '\\.(?="(?!(?:' ~ expressions | join('|') ~ ')"))', '', sql
  )) -}}
{% endmacro %}
