{#- The condition that a record of the CRM has been deleted, or merged into another. -#}
{% macro is_gone() -%}
coalesce(is_deleted, false) or merged_into is not null
{%- endmacro %}
