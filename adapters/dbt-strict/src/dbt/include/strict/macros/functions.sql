{#- What the SQL functions of the session are that a query calls: a list of texts. -#}
{% macro functions_behind(query) %}
  {{ return(adapter.dispatch('functions_behind', 'dbt')(query)) }}
{% endmacro %}


{% macro default__functions_behind(query) %}
  {{ return([]) }}
{% endmacro %}


{% macro sqlite_strict__functions_behind(query) %}
  {{ return(adapter.sql_functions_behind(query)) }}
{% endmacro %}


{% macro spark_strict__functions_behind(query) %}
  {{ return(adapter.sql_functions_behind(query)) }}
{% endmacro %}
