{#- Who answers for a delivered record, by identifier or by name, for read_columns:
    `given_owner` and `given_owner_name` are as delivered. -#}
{% macro owner_columns() -%}
{{ return({
    'owner_given': owner_spelling('coalesce(given_owner, given_owner_name)'),
    'owner_shown': owner_spelling('coalesce(given_owner_name, given_owner)'),
    'is_owner_former':
        is_former_owner('coalesce(given_owner_name, given_owner)'),
}) }}
{%- endmacro %}
