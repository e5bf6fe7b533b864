{#- Leads of a CRM with the golden record that each was converted into, a whole select:
    `record` begins the identifier of a lead's record, `kind` that of the other. -#}
{% macro converted_leads(entity, reference, record, kind) -%}
select
        '{{ record }}:' || leads.lead_id as record_id,
        '{{ kind }}:' || golden.cluster_id as other_record_id,
        'converted lead' as reason
    from {{ ref('int_crm_leads__versioned') }} as leads
    left join {{ ref('int_crm__aliases') }} as aliases
        on
            aliases.entity = '{{ entity }}'
            and leads.{{ reference }} = aliases.alias_id
    inner join {{ ref('int_' ~ entity ~ '__clustered') }} as golden
        on {{ led_to('aliases', 'leads.' ~ reference) }}
            = golden.record_id
    where
        leads.row_status = 'current'
        and leads.{{ reference }} is not null
{%- endmacro %}
