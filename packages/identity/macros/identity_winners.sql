{#-
    Which record each field of a golden record comes from: one row per golden
    record of several records, and field. Arguments as in identity_merges.
-#}
{% macro identity_winners(entity, id, record_id, clusters, records) -%}
{%- set settings = identity.identity_settings(entity) -%}
with

merged as (

    select cluster_id from {{ clusters }}
    group by cluster_id
    having count(*) > 1

),

records as (

    select
        clustered.cluster_id,
        clustered.record_id as _record_id,
        current_records.*
    from merged
    inner join {{ clusters }} as clustered
        on merged.cluster_id = clustered.cluster_id
    inner join {{ records }} as current_records
        on clustered.record_id = current_records.{{ settings.id }}

),

ranked as (

    {%- for field in settings.golden %}
    {{ 'union all' if not loop.first }}
    select
        cluster_id,
        _record_id,
        '{{ field }}' as field,
        '{{ settings.golden[field] }}' as rule,
        {%- if field.startswith('is_') %}
        case when {{ field }} then 'true' when not {{ field }} then 'false' end
            as value,
        {%- else %}
        cast({{ field }} as {{ logical_type('text') }}) as value,
        {%- endif %}
        row_number() over (
            partition by cluster_id
            order by {{ identity.identity_survivors__order(entity, field) }}
        ) as place
    from records
    {%- endfor %}

)

select
    cluster_id as {{ id }},
    field,
    value,
    _record_id as {{ record_id }},
    rule
from ranked
where place = 1
{%- endmacro %}
