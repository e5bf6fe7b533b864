{#- SQLite accepts a view over a missing column; reading it once does not. -#}
{% materialization view, adapter='sqlite' %}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {% do sqlite_begin() %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set fingerprint = build_fingerprint(sql) -%}
  {% do sqlite_drop_existing() %}
  {% call statement('main') %}
    create view {{ this }} as
    {{ view_header() }}
    {{ sql }}
  {% endcall %}
  {% if config.get('contract').enforced %}
    {% do assert_contracted_columns('select * from ' ~ this) %}
  {% else %}
    {% do sqlite_run('select 1 from ' ~ this ~ ' limit 0') %}
  {% endif %}
  {% do save_build_state(fingerprint, build_watermark(), true) %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmaterialization %}
