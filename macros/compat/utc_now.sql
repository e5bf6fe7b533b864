{#- Now, as the warehouse writes times. For tests and freshness only: models
    compare with `_loaded_at`, so that a rebuild finds the same. -#}
{% macro utc_now() -%}
  {{ return(adapter.dispatch('utc_now', 'revenue_warehouse')()) }}
{%- endmacro %}


{% macro sqlite__utc_now() -%}
strftime('%Y-%m-%dT%H:%M:%S.999999Z', 'now')
{%- endmacro %}


{% macro default__utc_now() -%}
strftime(now() at time zone 'utc', '%Y-%m-%dT%H:%M:%S.999999Z')
{%- endmacro %}
