{% materialization view, adapter='sqlite_strict' %}
  {{ return(dbt.build_view(sql)) }}
{% endmaterialization %}


{% materialization view, adapter='duckdb_strict' %}
  {{ return(dbt.build_view(sql)) }}
{% endmaterialization %}


{#- SQLite accepts a view over a missing column; reading it once does not. -#}
{% macro build_view(sql) %}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {% do dbt.begin_build() %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set fingerprint = dbt.build_fingerprint(sql) -%}
  {% do dbt.drop_existing() %}
  {% call statement('main') %}
    create view {{ this }} as
    {{ dbt.view_header() }}
    {{ sql }}
  {% endcall %}
  {% if config.get('contract').enforced %}
    {% do dbt.assert_contracted_columns('select * from ' ~ this) %}
  {% else %}
    {% do dbt.run_sql('select 1 from ' ~ this ~ ' limit 0') %}
  {% endif %}
  {% do dbt.save_build_state(fingerprint, dbt.build_watermark(), true) %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmacro %}
