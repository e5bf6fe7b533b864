{#- The current states that can have changed since the watermark: delivered
    again, or referring to a parent that was. `parents` lists
    [parent relation, parent key, referring column]. Of the two selects a full
    build takes only the first, a delta only the second. -#}
{% macro touched_states(relation, key, parents=[]) -%}
select * from {{ relation }}
    where {{ watermark() }} < 0 and row_status = 'current'
    union all
    select * from {{ relation }}
    where
        {{ watermark() }} >= 0
        and row_status = 'current'
        and {{ key }} in (
            select newer.{{ key }} from {{ relation }} as newer
            where newer.latest_file_id > {{ watermark() }}
            {%- for parent, parent_key, column in parents %}
            union
            select child.{{ key }} from {{ relation }} as child
            where
                {{ watermark() }} >= 0
                and child.{{ column }} in (
                    select parent.{{ parent_key }} from {{ parent }} as parent
                    where parent.latest_file_id > {{ watermark() }}
                )
            {%- endfor %}
        )
{%- endmacro %}
