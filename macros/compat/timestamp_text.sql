{#- Microseconds since 1970 as a timestamp, as the warehouse writes it. -#}
{% macro timestamp_text(x) -%}
  {{ return(adapter.dispatch('timestamp_text', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{#- The remainder of a negative number is negative, so it is made positive. -#}
{% macro sqlite__timestamp_text(x) -%}
(
    strftime(
        '%Y-%m-%dT%H:%M:%S',
        ({{ x }} - (({{ x }}) % 1000000 + 1000000) % 1000000) / 1000000,
        'unixepoch'
    )
    || '.' || substr(
        cast(1000000 + (({{ x }}) % 1000000 + 1000000) % 1000000 as text), 2
    ) || 'Z'
)
{%- endmacro %}


{% macro default__timestamp_text(x) -%}
strftime(make_timestamp({{ x }}), '%Y-%m-%dT%H:%M:%S.%fZ')
{%- endmacro %}


{% macro postgres__timestamp_text(x) -%}
to_char(
    timestamp '1970-01-01' + ({{ x }}) * interval '1 microsecond',
    'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
)
{%- endmacro %}
