{#- The persons or organisations that can have changed since the watermark, a select of
    cluster_id: their records did, or, of persons, the organisation of one. -#}
{% macro touched_customers(entity) -%}
select clustered.cluster_id
    from {{ ref('int_' ~ entity ~ '__clustered') }} as clustered
    where clustered.latest_file_id > {{ watermark() }}
    {%- if entity == 'people' %}
    union
    select clustered.cluster_id
    from {{ ref('int_organisations__clustered') }} as organisations
    inner join {{ ref('int_people__current') }} as records
        on organisations.record_id = records.organisation_record_id
    inner join {{ ref('int_people__clustered') }} as clustered
        on records.record_id = clustered.record_id
    where organisations.latest_file_id > {{ watermark() }}
    {%- endif %}
{%- endmacro %}
