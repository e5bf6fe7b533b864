{#- The column that the declaration of a table names as `business_time`, as
    delivered, for read_columns: any declared column can be it, whether staging reads
    it or not. -#}
{% macro given_business_time(source_name, table_name) -%}
{%- set column = business_column(source_name, table_name) -%}
    {{ return({
        'given_business_time':
            ['clean_text', column] if column else 'cast(null as text)',
    }) }}
{%- endmacro %}


{% macro business_column(source_name, table_name) %}
  {%- if execute -%}
    {%- set table = source_table(source_name, table_name) -%}
    {%- for meta in [table.config.meta, table.source_meta]
        if (meta or {}).get('business_time') -%}
      {{ return(meta.business_time) }}
    {%- endfor -%}
  {%- endif -%}
  {{ return(none) }}
{% endmacro %}
