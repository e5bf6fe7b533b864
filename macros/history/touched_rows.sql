{#- All rows of the keys that came with a file newer than the watermark, and the
    new rows that have no key; with the `absences` of a `table` also those of keys
    that a new full picture may lack. Of the three selects a full build takes only the
    first, a delta only the others, each by an index. -#}
{% macro touched_rows(relation, key, absences=none, table=none) -%}
select * from {{ relation }}
    where {{ watermark() }} < 0
    union all
    select * from {{ relation }}
    where
        {{ watermark() }} >= 0
        and {{ key }} in (
            select newer.{{ key }} from {{ relation }} as newer
            where newer._file_id > {{ watermark() }}
            {%- if absences %}
            union
            select pictured.{{ key }} from {{ relation }} as pictured
            where pictured._file_id in (
                select pictures.file_id from {{ absences }} as pictures
                where
                    pictures.table_name = '{{ table }}'
                    and pictures.record_id is null
                    and pictures.latest_file_id > {{ watermark() }}
            )
            {%- endif %}
        )
    union all
    select * from {{ relation }}
    where
        {{ watermark() }} >= 0
        and {{ key }} is null
        and _file_id > {{ watermark() }}
{%- endmacro %}
