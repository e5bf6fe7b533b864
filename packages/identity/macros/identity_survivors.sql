{#-
    One row per golden record, each field from the record that its rule prefers
    (the setting `golden`): the one changed latest, the one created earliest, or
    the one with the longest value; a missing value only if all lack it.
    `records` names a CTE of records with their cluster_id.
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


{#- Which record wins a field: the first in this order. -#}
{% macro identity_survivors__order(entity, field) -%}
{%- set settings = identity.identity_settings(entity) -%}
{%- set rule = settings.golden[field] -%}
{%- set orders = {
    'latest': settings.changed ~ ' desc nulls last',
    'earliest': 'created_at nulls last',
    'longest': '-length(cast(' ~ field ~ ' as ' ~ logical_type('text') ~ ')), '
        ~ settings.changed ~ ' desc nulls last',
} -%}
{%- if rule not in orders -%}
    {%- do exceptions.raise_compiler_error(
        'identity_survivors: rule of ' ~ entity ~ '.' ~ field ~ ' must be one of '
        ~ orders | join(', ') ~ '; received ' ~ rule
    ) -%}
{%- endif -%}
{{ settings.gone ~ ', ' if settings.gone }}{{ field }} is null, {{ settings.trust ~ ', ' if settings.trust and rule != 'earliest' }}{{ orders[rule] }}, {{ settings.id }}
{%- endmacro %}
