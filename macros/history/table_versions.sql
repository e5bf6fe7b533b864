{#- The records of a judged table, staged by `staged_table`, with the version that
    each stands for. A whole model, its configuration with it. `columns` are those of
    staging, where another macro gives them. -#}
{% macro table_versions(source_name, table_name, columns=none) -%}
{%- set key = judged_tables(source_name)[table_name].id -%}
{%- set staged = ref('stg_' ~ source_name ~ '__' ~ table_name) -%}
{%- set findings = ref('int_' ~ source_name ~ '__row_findings') -%}
{%- set logical = {
    'integer': 'bigint', 'money': 'bigint', 'number': 'double',
    'boolean': 'boolean',
} -%}
{%- set given = columns or declared_attributes(source_name, table_name) -%}
{%- set columns, types = {}, {} -%}
{%- for column in given -%}
  {%- do columns.update({
      column.name: none if column.name == key else column.given
  }) -%}
  {%- if column.data_type in logical -%}
    {%- do types.update({column.name: logical[column.data_type]}) -%}
  {%- endif -%}
{%- endfor -%}
{%- set state = columns | reject('eq', key) | list -%}
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
with

delivered as (

    {{ touched_rows(staged, key) }}

),

in_error as (

    {{ rows_in_error(findings, table_name) }}

),

judged as (

    select
        {{ key }},
        {% for column in state -%}
        {{ column }},
        {% endfor -%}
        _changed_at,
        {{ lineage_columns() }},
        _row_id in (select in_error._row_id from in_error) as is_error
    from delivered
    {{ cleaning.computed_once() }}

),

files as (

    {{ delivered_files(source_name, table_name, columns.values()) }}

),

versioned as (

    {{ version_rows(
        'judged', key=key, columns=columns, state=state, types=types
    ) }}

),

final as (

    select
        {{ key }},
        {% for column in state -%}
        {{ column }},
        {% endfor -%}
        version_number,
        row_status,
        valid_from,
        latest_file_id,
        _row_id,
        _file_id,
        _record,
        _line,
        _loaded_at
    from versioned

)

select * from final
{%- endmacro %}
