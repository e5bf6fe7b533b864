{#- Joins that give the person of an order, payment or subscription as `people`. -#}
{% macro document_people(kind, document_id) -%}
left join {{ ref('int_buyers__documents') }} as documents
        on
            documents.document_kind = '{{ kind }}'
            and {{ document_id }} = documents.document_id
    left join {{ ref('int_people__linked') }} as people
        on documents.record_id = people.record_id
{%- endmacro %}
