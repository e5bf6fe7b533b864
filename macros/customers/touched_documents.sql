{#- Orders, payments or subscriptions that are new or whose buyer can be another person
    now, with the file that did it, as a subquery. -#}
{% macro touched_documents(kind) -%}
(
                select
                    document_id,
                    latest_file_id
                from {{ ref('int_buyers__documents') }}
                where
                    document_kind = '{{ kind }}'
                    and latest_file_id > {{ watermark() }}
                union
                select
                    documents.document_id,
                    linked.latest_file_id
                from {{ ref('int_people__linked') }} as linked
                inner join {{ ref('int_buyers__documents') }} as documents
                    on linked.record_id = documents.record_id
                where
                    documents.document_kind = '{{ kind }}'
                    and linked.latest_file_id > {{ watermark() }}
            )
{%- endmacro %}
