{#- Runs one statement and returns its rows as tuples. Much cheaper than
    run_query(), which makes every answer an agate table. -#}
{% macro sqlite_run(sql) %}
  {%- set _, cursor = adapter.add_query(sql, auto_begin=False) -%}
  {{ return(cursor.fetchall()) }}
{% endmacro %}


{#- Opens a write transaction on the node's own connection.

    Pragmas are set here because every node opens a new connection, and before
    the transaction because foreign_keys is ignored inside one. The update
    changes nothing, but takes the write lock before anything was read: a
    transaction that reads first fails at once if another writer commits
    meanwhile, whatever its timeout. -#}
{% macro sqlite_begin(foreign_keys=false) %}
  {% for pragma in [
      'busy_timeout = 60000',
      'cache_size = -65536',
      'temp_store = memory',
      'synchronous = normal',
      'foreign_keys = ' ~ ('on' if foreign_keys else 'off'),
  ] %}
    {% do sqlite_run('pragma ' ~ pragma) %}
  {% endfor %}
  {% do create_build_state() %}
  {% call statement('begin') %}
    update _build_state set watermark = watermark where relation is null
  {% endcall %}
{% endmacro %}


{% macro sqlite_drop_existing() %}
  {%- set found = sqlite_run(
      "select type from sqlite_master where name = '" ~ this.identifier
      ~ "' and type in ('table', 'view')"
  ) -%}
  {%- if found -%}
    {%- do sqlite_run('drop ' ~ found[0][0] ~ ' ' ~ this) -%}
  {%- endif -%}
{% endmacro %}
