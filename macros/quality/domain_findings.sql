{#- The findings of every source that is judged, and of files; a whole select. The
    references are made while parsing, so dbt knows what it reads. -#}
{% macro domain_findings() -%}
{%- for source in var('domains') -%}
select * from {{ ref('int_' ~ source ~ '__findings') }}
    union all
    {% endfor -%}
    select * from {{ ref('int_operations__findings') }}
{%- endmacro %}
