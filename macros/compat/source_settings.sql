{#- How the values of a source table are written: time zone and order of dates,
    decimal mark, currency; and what a delivery means. Declared under `meta` of the source or the table. -#}
{% macro source_settings(source_name, table_name) %}
  {%- set settings = {
      'time_zone': 'UTC', 'date_order': 'mdy', 'decimal_mark': '.',
      'currency': none, 'delivery': 'changes',
  } -%}
  {%- if execute -%}
    {%- set table = source_table(source_name, table_name) -%}
    {%- for layer in [table.source_meta, table.config.meta] -%}
      {%- for key in settings if key in (layer or {}) -%}
        {%- do settings.update({key: layer[key]}) -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(settings) }}
{% endmacro %}
