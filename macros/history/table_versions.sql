{#- The records of a judged table, staged by `staged_table`, with the version that
    each stands for. A whole model, its configuration with it. `columns` are those of
    staging, where another macro gives them; `shown` and `alongside` are of
    judged_versions. -#}
{% macro table_versions(
    source_name, table_name, columns=none, shown={}, alongside={}
) -%}
{%- set key = judged_tables(source_name)[table_name].id -%}
{%- set logical = {
    'integer': 'bigint', 'money': 'bigint', 'number': 'double',
    'boolean': 'boolean',
} -%}
{#- a time without the columns of its time of day and zone is another one -#}
{%- set clocks = record_settings(source_name, table_name).clocks if columns else {} -%}
{%- set given = columns or declared_attributes(source_name, table_name) -%}
{%- set others = record_settings(source_name, table_name).currencies if columns -%}
{#- when dbt parses, the columns are not known yet -#}
{%- if columns and not execute -%}{%- do ref('currencies') -%}{%- endif -%}
{%- set columns, types = {}, {} -%}
{%- for column in given -%}
  {%- if column.name != key -%}
    {%- do columns.update({column.name: ([column.needed or column.given]
        + clocks.get(column.given, [])) | join('&')}) -%}
  {%- endif -%}
  {%- if column.data_type in logical -%}
    {%- do types.update({column.name: logical[column.data_type]}) -%}
  {%- endif -%}
{%- endfor -%}
{%- set valued = [] -%}
{%- if 'currency' in columns and others is mapping -%}
  {%- for column in given if column.data_type == 'money'
      and column.given not in others -%}
    {%- do valued.append(column.name) -%}
  {%- endfor -%}
{%- endif -%}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=key,
    indexes=[
        {'columns': [key, 'version_number']},
        {'columns': ['_row_id'], 'unique': true},
        {'columns': ['latest_file_id']},
    ],
) }}
{{ judged_versions(
    source_name, table_name, key, columns, types=types, shown=shown,
    alongside=alongside, valued=valued,
    absences=ref('int_' ~ source_name ~ '__absences'),
) }}
{%- endmacro %}
