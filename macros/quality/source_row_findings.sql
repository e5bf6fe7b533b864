{#- The row rules that the records of a source's judged tables break, one by one. A
    whole model, its configuration with it. -#}
{% macro source_row_findings(source_name) -%}
{{ config(
    materialized='incremental',
    indexes=[
        {'columns': ['severity', 'table_name']},
        {'columns': ['_file_id']},
    ],
) }}
with

final as (

    {{ broken_row_rules(source_name) }}

)

select * from final
{%- endmacro %}
