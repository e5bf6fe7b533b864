{#- A local timestamp in UTC, of a zone so many minutes east of it. -#}
{% macro in_utc(local, minutes) -%}
{{ cleaning.session_function(
    'in_utc', [local, minutes], in_utc__of, unless=minutes ~ ' = 0', value=local
) }}
{%- endmacro %}


{% macro in_utc__of(local, minutes) -%}
{{ timestamp_text(microseconds(local) ~ ' - cast(60000000 as bigint) * ' ~ minutes) }}
{%- endmacro %}
