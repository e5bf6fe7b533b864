{#- What dbt itself calls and dbt-sqlite answers wrongly or not at all. -#}

{#- The stock form casts untyped columns to NUMERIC: 'ANN' becomes 0. -#}
{% macro sqlite__safe_cast(field, type) %}
  {%- if type | lower in ['', 'unknown', 'none'] -%}
    {{ field }}
  {%- else -%}
    cast({{ field }} as {{ type }})
  {%- endif -%}
{% endmacro %}


{#- dbt reads the two timestamps as datetimes, which SQLite does not have:
    hand them over as agate values. -#}
{% macro sqlite__collect_freshness(source, loaded_at_field, filter) %}
  {% call statement('collect_freshness', fetch_result=True, auto_begin=False) %}
    select
        max({{ loaded_at_field }}) as max_loaded_at,
        strftime('%Y-%m-%dT%H:%M:%SZ', 'now') as snapshotted_at
    from {{ source }}
    {% if filter %}where {{ filter }}{% endif %}
  {% endcall %}
  {{ return(load_result('collect_freshness')) }}
{% endmacro %}


{#- Descriptions are written into the DDL where the table is created. -#}
{% macro sqlite__persist_docs(relation, model, for_relation, for_columns) %}
{% endmacro %}


{% macro sqlite__create_table_as(temporary, relation, sql) %}
  create {{ 'temporary ' if temporary }}table {{ relation }} as
  {{ sql }}
{% endmacro %}
