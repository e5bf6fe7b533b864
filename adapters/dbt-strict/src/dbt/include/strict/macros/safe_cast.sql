{#- What dbt itself calls and dbt-sqlite answers wrongly or not at all. -#}

{#- The stock form casts untyped columns to NUMERIC: 'ANN' becomes 0. -#}
{% macro sqlite__safe_cast(field, type) %}
  {%- if type | lower in ['', 'unknown', 'none'] -%}
    {{ field }}
  {%- else -%}
    cast({{ field }} as {{ type }})
  {%- endif -%}
{% endmacro %}
