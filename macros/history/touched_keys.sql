{#- The keys whose current state can have changed since the watermark: delivered
    again, or referring to a parent that was. `parents` lists
    [parent relation, parent key, referring column]. -#}
{% macro touched_keys(relation, key, parents=[]) -%}
select {{ key }} from {{ relation }}
    where latest_file_id > {{ watermark() }}
    {%- for parent, parent_key, column in parents %}
    union
    select child.{{ key }}
    from {{ parent }} as parent
    inner join {{ relation }} as child
        on parent.{{ parent_key }} = child.{{ column }}
    where
        parent.latest_file_id > {{ watermark() }}
        and child.row_status = 'current'
    {%- endfor %}
{%- endmacro %}
