{#- A timestamp as the warehouse writes it, as microseconds since 1970. -#}
{% macro microseconds(x) -%}
  {{ return(adapter.dispatch('microseconds', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro sqlite__microseconds(x) -%}
(
    strftime('%s', substr({{ x }}, 1, 19)) * 1000000
    + cast(substr({{ x }}, 21, 6) as integer)
)
{%- endmacro %}


{% macro default__microseconds(x) -%}
epoch_us(cast(substr({{ x }}, 1, 26) as timestamp))
{%- endmacro %}


{% macro postgres__microseconds(x) -%}
cast(extract(
    epoch from cast(substr({{ x }}, 1, 26) as timestamp)
) * 1000000 as bigint)
{%- endmacro %}
