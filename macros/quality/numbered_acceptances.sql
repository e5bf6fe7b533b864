{#- The lines of the seed accepted_findings with their numbers, a whole select. -#}
{% macro numbered_acceptances() -%}
select
    *,
    {{ identity.seed_line([
        'rule', 'source_name', 'table_name', 'column_name', 'record_id',
        'source_value', 'file_name', 'accepted_until', 'accepted_by',
        'accepted_on', 'reason',
    ]) }} as seed_line
from {{ ref('accepted_findings') }}
{%- endmacro %}
