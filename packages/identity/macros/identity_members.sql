{#-
    Which golden record each record of a source stands for, with its newest row.
    One row per record. Arguments as in identity_merges; `source` is its name.
-#}
{% macro identity_members(entity, id, record_id, source, clusters, records) -%}
select
    clustered.record_id as {{ record_id }},
    clustered.cluster_id as {{ id }},
    '{{ source }}' as source_name,
    records._row_id,
    records._file_id,
    clustered.record_id = clustered.cluster_id as is_primary
from {{ clusters }} as clustered
inner join {{ records }} as records
    on clustered.record_id = records.{{ identity.identity_settings(entity).id }}
{%- endmacro %}
