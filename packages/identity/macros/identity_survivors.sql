{#-
    One row per golden record, each field from the record that the rule of the
    seed `survivorship` prefers: the one changed latest, the one created
    earliest, or the one with the longest value; a missing value only if all
    lack it. `records` names a CTE of records with their cluster_id.
-#}
{% macro identity_survivors(entity, records) -%}
{%- set settings = identity.identity_settings(entity) -%}
{%- set won_with = dict(settings.follow) -%}
{%- for field in settings.golden -%}
    {%- do won_with.update({field: field}) -%}
{%- endfor -%}
{%- set several -%}
(
        select cluster_id from {{ records }}
        group by cluster_id
        having count(*) > 1
    )
{%- endset -%}
{#- Most stand for one record: sorting these, too, takes time and memory. #}
select
    cluster_id,
    latest_file_id,
    _row_id,
    _file_id
    {%- for field in won_with %},
    {{ field }}
    {%- endfor %}
from {{ records }}
where cluster_id not in {{ several }}
union all
select
    members.cluster_id,
    members.latest_file_id,
    members._row_id,
    members._file_id
    {%- for field in won_with %},
    members.{{ field }}
    {%- endfor %}
from (
    select
        cluster_id,
        {{ settings.id }},
        _row_id,
        _file_id,
        max(latest_file_id) over (partition by cluster_id) as latest_file_id
        {%- for field, winner in won_with.items() %},
        first_value({{ field }}) over (
            partition by cluster_id
            order by {{ identity.identity_survivors__order(entity, winner) }}
        ) as {{ field }}
        {%- endfor %}
    from {{ records }}
    where cluster_id in {{ several }}
) as members
where members.{{ settings.id }} = members.cluster_id
{%- endmacro %}


{#- Which record wins a field. -#}
{% macro identity_survivors__order(entity, field) -%}
{%- set settings = identity.identity_settings(entity) -%}
{%- set rule = identity.identity_survivors__rule(entity, field) -%}
{{ field }} is null,
                case {{ rule }}
                    when 'longest'
                        then -length(cast({{ field }} as {{ logical_type('text') }}))
                    else 0
                end,
                case when {{ rule }} = 'earliest' then created_at end nulls last,
                case when {{ rule }} <> 'earliest' then {{ settings.changed }} end
                    desc nulls last,
                {{ settings.id }}
{%- endmacro %}


{% macro identity_survivors__rule(entity, field) -%}
(
                    select rule from {{ ref('survivorship') }}
                    where entity = '{{ entity }}' and field = '{{ field }}'
                )
{%- endmacro %}
