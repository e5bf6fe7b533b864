{#- All rows of the keys that came with a file newer than the watermark, and the
    new rows that have no key. Of the three selects a full build takes only the
    first, a delta only the others, each by an index. -#}
{% macro touched_rows(relation, key) -%}
select * from {{ relation }}
    where {{ watermark() }} < 0
    union all
    select * from {{ relation }}
    where
        {{ watermark() }} >= 0
        and {{ key }} in (
            select newer.{{ key }} from {{ relation }} as newer
            where newer._file_id > {{ watermark() }}
        )
    union all
    select * from {{ relation }}
    where
        {{ watermark() }} >= 0
        and {{ key }} is null
        and _file_id > {{ watermark() }}
{%- endmacro %}
