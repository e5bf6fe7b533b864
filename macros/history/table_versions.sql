{#- The records of a judged table, staged by `staged_table`, with the version that
    each stands for. A whole model, its configuration with it. -#}
{% macro table_versions(source_name, table_name) -%}
{%- set key = judged_tables(source_name)[table_name].id -%}
{%- set staged = ref('stg_' ~ source_name ~ '__' ~ table_name) -%}
{%- set findings = ref('int_' ~ source_name ~ '__row_findings') -%}
{%- set state = declared_attributes(source_name, table_name)
    | map(attribute='name') | reject('eq', key) | list -%}
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
    {{ computed_once() }}

),

versioned as (

    {{ version_rows('judged', key=key, state=state) }}

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
