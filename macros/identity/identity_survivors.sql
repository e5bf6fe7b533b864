{#-
    One row per golden record, each field from the record that the rule of the
    seed `survivorship` prefers: the one changed latest, the one created
    earliest, or the one with the longest value; a missing value only if all
    lack it. `records` names a CTE of records with their cluster_id; `changed`
    is its column of the last change, `whole` are pairs of columns that come
    from one record: {column: the field that decides}.
-#}
{% macro identity_survivors(entity, records, id, fields, changed, whole={}) -%}
select
    members.cluster_id,
    members.latest_file_id,
    members._row_id,
    members._file_id
    {%- for field in fields %},
    members.{{ field }}
    {%- endfor %}
from (
    select
        cluster_id,
        {{ id }},
        _row_id,
        _file_id,
        max(latest_file_id) over (partition by cluster_id) as latest_file_id
        {%- for field in fields %},
        first_value({{ field }}) over (
            partition by cluster_id
            order by {{ identity_survivors__order(
                entity, whole.get(field, field), id, changed
            ) }}
        ) as {{ field }}
        {%- endfor %}
    from {{ records }}
) as members
where members.{{ id }} = members.cluster_id
{%- endmacro %}


{#- Which record wins a field. -#}
{% macro identity_survivors__order(entity, field, id, changed) -%}
{%- set rule -%}
(
                    select rule from {{ ref('survivorship') }}
                    where entity = '{{ entity }}' and field = '{{ field }}'
                )
{%- endset -%}
{{ field }} is null,
                case {{ rule }}
                    when 'longest'
                        then -length(cast({{ field }} as {{ logical_type('text') }}))
                    else 0
                end,
                case when {{ rule }} = 'earliest' then created_at end nulls last,
                case when {{ rule }} <> 'earliest' then {{ changed }} end
                    desc nulls last,
                {{ id }}
{%- endmacro %}
