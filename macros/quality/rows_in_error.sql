{#- The rows of a source table that break a critical rule. -#}
{% macro rows_in_error(findings, table_name) -%}
select distinct _row_id from {{ findings }}
    where table_name = '{{ table_name }}' and severity = 'critical'
{%- endmacro %}
