{#- The columns of written_rows beside those of the table: how its file is written,
    and lineage. -#}
{% macro written_columns() -%}
_scope,
        _is_system,
        _links,
        _currency,
        _notes,
        {{ lineage_columns() }}
{%- endmacro %}
