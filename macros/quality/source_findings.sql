{#- What is wrong with the records of a source's judged tables: the row rules they
    break, unresolved foreign keys, and further ones: selects in the shape of findings.
    A whole model, its configuration with it. -#}
{% macro source_findings(source_name, further=[]) -%}
{{ config(materialized='view') }}
with

row_states as (

    {{ row_states(source_name) }}

),

findings as (

    select
        table_name,
        record_id,
        rule,
        column_name,
        source_value,
        _row_id
    from {{ ref('int_' ~ source_name ~ '__row_findings') }}

    union all

    {{ broken_references(source_name) }}
    {%- for finding in further %}

    union all

    {{ finding }}
    {%- endfor %}

),

final as (

    {{ placed_findings(source_name, 'findings', 'row_states') }}

    union all

    {{ picture_findings(source_name) }}

)

select * from final
{%- endmacro %}
