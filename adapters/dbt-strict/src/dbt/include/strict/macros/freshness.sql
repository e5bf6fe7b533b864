{#- dbt takes the time from the answer as a datetime, and ours are text. No rows:
    infinitely long ago. -#}
{% macro freshness_of_text(source, loaded_at_field, filter) %}
  {% call statement('collect_freshness', fetch_result=True, auto_begin=False) %}
    select substr(max({{ loaded_at_field }}), 1, 19)
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


{% macro sqlite__collect_freshness(source, loaded_at_field, filter) %}
  {{ return(dbt.freshness_of_text(source, loaded_at_field, filter)) }}
{% endmacro %}


{% macro duckdb__collect_freshness(source, loaded_at_field, filter) %}
  {{ return(dbt.freshness_of_text(source, loaded_at_field, filter)) }}
{% endmacro %}


{% macro postgres__collect_freshness(source, loaded_at_field, filter) %}
  {{ return(dbt.freshness_of_text(source, loaded_at_field, filter)) }}
{% endmacro %}
