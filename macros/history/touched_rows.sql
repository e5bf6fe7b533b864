{#- All rows of the keys that came with a file newer than the watermark, and the
    new rows that have no key. -#}
{% macro touched_rows(relation, key) -%}
select * from {{ relation }}
    where
        {{ key }} in (
            select newer.{{ key }} from {{ relation }} as newer
            where newer._file_id > {{ watermark() }}
        )
        or ({{ key }} is null and _file_id > {{ watermark() }})
{%- endmacro %}
