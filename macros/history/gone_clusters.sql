{#- The clusters of an entity in which every record has been deleted or merged into
    another, a whole select. -#}
{% macro gone_clusters(entity) -%}
{%- set clustered = ref('int_' ~ entity ~ '__clustered') -%}
{%- set current = ref('int_' ~ entity ~ '__current') -%}
{%- set id = identity.identity_settings(entity).id -%}
select gone.cluster_id
            from {{ clustered }} as gone
            inner join {{ current }} as gone_records
                on gone.record_id = gone_records.{{ id }}
            where
                gone_records.is_gone
                and gone.cluster_id not in (
                    select living.cluster_id
                    from {{ clustered }} as living
                    inner join {{ current }} as living_records
                        on living.record_id = living_records.{{ id }}
                    where not living_records.is_gone
                )
{%- endmacro %}
