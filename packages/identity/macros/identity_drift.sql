{#-
    When the weights of each entity were learned, from how many records, and how
    many would have another golden record if they were learned anew. One row per
    entity.
-#}
{% macro identity_drift(learned, clusters) -%}
{%- for entity in learned %}
{{ 'union all' if not loop.first }}
select
    '{{ entity }}' as entity,
    learned.learned_file_id,
    learned.learned_at,
    learned.learned_record_count,
    learned.checked_file_id,
    learned.checked_at,
    learned.checked_record_count,
    clustered.record_count,
    clustered.record_count - learned.checked_record_count
        as unchecked_record_count,
    coalesce(clustered.merged_record_count, 0) as merged_record_count,
    differing.record_count as differing_record_count
from {{ learned[entity] }} as learned
cross join (
    select
        count(*) as record_count,
        sum(case when record_id <> cluster_id then 1 else 0 end)
            as merged_record_count
    from {{ clusters[entity] }}
) as clustered
cross join (
    select count(*) as record_count
    from {{ learned[entity] }}
    where record_id <> ''
) as differing
where learned.record_id = ''
{%- endfor %}
{%- endmacro %}


{#- Records that would have another golden record if weights were learned anew.
    One row per entity and record. -#}
{% macro identity_drift_records(learned) -%}
{%- for entity in learned %}
{{ 'union all' if not loop.first }}
select
    '{{ entity }} ' || record_id as drift_id,
    '{{ entity }}' as entity,
    record_id,
    cluster_id as golden_id,
    relearned_id as relearned_golden_id
from {{ learned[entity] }}
where record_id <> ''
{%- endfor %}
{%- endmacro %}
