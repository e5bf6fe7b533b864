{#- Whether the file of a delivered row does not have a declared column. -#}
{% macro file_lacks(source_name, table_name, column) -%}
_file_id in (
                select _lacking.file_id
                from {{ source('ingest', 'ingest_files') }} as _lacking
                where
                    _lacking.source_name = '{{ source_name }}'
                    and _lacking.table_name = '{{ table_name }}'
                    and {{ lacks_column__is_named('_lacking.missing_columns', column) }}
            )
{%- endmacro %}
