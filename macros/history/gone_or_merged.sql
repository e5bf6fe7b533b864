{#- The condition that a record is deleted, or by its row of int_crm__aliases merged
    into another. -#}
{% macro gone_or_merged(records, id, alias='aliases') -%}
{{ records }}.is_gone
        or coalesce({{ alias }}.record_id <> {{ records }}.{{ id }}, false)
{%- endmacro %}
