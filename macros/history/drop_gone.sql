{#- Deletes what is gone by now from a mart of current states: for its post_hook.
    `key` is the identifier in the versions, `column` that of the mart, `kind` the
    value of the mart's column `kind`, where its rows are of several. -#}
{% macro drop_gone(versions, key, column, kind=none) -%}
delete from {{ this }} where {{ "kind = '" ~ kind ~ "' and " if kind }}{{ column }} in (
        select gone.{{ key }} from {{ versions }} as gone
        where gone.row_status = 'current' and gone.is_gone
    )
{%- endmacro %}
