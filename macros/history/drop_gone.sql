{#- Deletes what is gone by now from a mart of current states: for its post_hook.
    `key` is the identifier in the versions, `column` that of the mart. -#}
{% macro drop_gone(versions, key, column) -%}
delete from {{ this }} where {{ column }} in (
        select gone.{{ key }} from {{ versions }} as gone
        where gone.row_status = 'current' and gone.is_gone
    )
{%- endmacro %}
