{#- References of the CRM that lead to no record: rows in the shape of findings. One to
    a deleted record is none of them; a name of several records is ambiguous. Each
    link is [table, relation, record id, column, entity referred to, its states]. -#}
{% macro unknown_links(links) -%}
{%- for table, relation, record_id, column, entity, states in links %}
    {{- '\n\n    union all\n\n    ' if not loop.first }}select
        '{{ table }}' as table_name,
        child.{{ record_id }} as record_id,
        case
            when child.source_{{ column }} like 'name:%' and aliases.alias_id is not null
                then 'reference_ambiguous'
            else 'reference_unknown'
        end as rule,
        '{{ column }}' as column_name,
        case
            when child.source_{{ column }} like 'name:%'
                then {{ cleaning.text_after(
                    'substr(child.source_' ~ column ~ ', 6)', ':'
                ) }}
            else child.source_{{ column }}
        end as source_value,
        child._row_id
    from {{ relation }} as child
    left join {{ ref('int_crm__aliases') }} as aliases
        on aliases.entity = '{{ entity }}' and child.source_{{ column }} = aliases.alias_id
    where
        child.{{ column }} is null
        and child.source_{{ column }} is not null
        and not exists (
            select 1
            from {{ states }} as known
            where
                known.{{ column }} = {{ led_to('aliases', 'child.source_' ~ column) }}
                and known.is_gone
        )
{%- endfor %}
{%- endmacro %}
