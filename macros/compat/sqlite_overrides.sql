{#- What dbt itself calls and dbt-sqlite answers wrongly or not at all. -#}

{#- The stock form casts untyped columns to NUMERIC: 'ANN' becomes 0. -#}
{% macro sqlite__safe_cast(field, type) %}
  {%- if type | lower in ['', 'unknown', 'none'] -%}
    {{ field }}
  {%- else -%}
    cast({{ field }} as {{ type }})
  {%- endif -%}
{% endmacro %}


{#- dbt takes the time from the answer as a datetime, which SQLite does not have.
    No rows: infinitely long ago. -#}
{% macro sqlite__collect_freshness(source, loaded_at_field, filter) %}
  {% call statement('collect_freshness', fetch_result=True, auto_begin=False) %}
    select strftime('%Y-%m-%dT%H:%M:%S', max({{ loaded_at_field }}))
    from {{ source }}
    {% if filter %}where {{ filter }}{% endif %}
  {% endcall %}
  {%- set datetime = modules.datetime.datetime -%}
  {%- set result = load_result('collect_freshness') -%}
  {%- set newest = result.table.rows[0][0] -%}
  {%- do result.update({'table': [[
      datetime.fromisoformat(newest) if newest else none,
      datetime.now(modules.pytz.utc),
  ]]}) -%}
  {{ return(result) }}
{% endmacro %}
