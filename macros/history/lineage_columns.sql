{#- Where a row came from: file, record, line and times of its delivery. -#}
{% macro lineage_columns() -%}
_row_id,
        _file_id,
        _record,
        _line,
        _delivered_at,
        _loaded_at
{%- endmacro %}
