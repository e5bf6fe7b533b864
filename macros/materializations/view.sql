{% materialization view, adapter='sqlite' %}
  {{ return(build_view(sql)) }}
{% endmaterialization %}


{% materialization view, adapter='duckdb' %}
  {{ return(build_view(sql)) }}
{% endmaterialization %}


{#- SQLite accepts a view over a missing column; reading it once does not. -#}
{% macro build_view(sql) %}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {% do begin_build() %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set fingerprint = build_fingerprint(sql) -%}
  {% do drop_existing() %}
  {% call statement('main') %}
    create view {{ this }} as
    {{ view_header() }}
    {{ sql }}
  {% endcall %}
  {% if config.get('contract').enforced %}
    {% do assert_contracted_columns('select * from ' ~ this) %}
  {% else %}
    {% do run_sql('select 1 from ' ~ this ~ ' limit 0') %}
  {% endif %}
  {% do save_build_state(fingerprint, build_watermark(), true) %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmacro %}
