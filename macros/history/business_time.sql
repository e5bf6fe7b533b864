{#- When the source says a record changed: the column its declaration names as
    `business_time`, read as a timestamp; NULL where it names none. For staging,
    where columns as delivered are called `given_<column>`. -#}
{% macro business_time(source_name, table_name) -%}
{%- set ns = namespace(column=none) -%}
{%- if execute -%}
  {%- set table = source_table(source_name, table_name) -%}
  {%- set ns.column = table.config.meta.get('business_time') -%}
{%- endif -%}
{%- if ns.column -%}
{%- set written = source_settings(source_name, table_name) -%}
{{ parse_timestamp(
    'given_' ~ ns.column, written.time_zone, written.date_order
) }}
{%- else -%}
cast(null as text)
{%- endif -%}
{%- endmacro %}
