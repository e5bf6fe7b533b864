{#- What records name and nothing knows: rows in the shape of findings. Each
    lookup is [table, relation, record id, column found, column given, column
    as delivered], and the lookup table where what it does not know is shown as given,
    which has a column of that name. -#}
{% macro unknown_values(rule, lookups) -%}
{%- for lookup in lookups %}
    {%- set table, relation, record_id, found, given, column = lookup[:6] %}
    {%- set known = lookup[6] if lookup | length > 6 %}
    {{- '\n\n    union all\n\n    ' if not loop.first }}select
        '{{ table }}' as table_name,
        {{ record_id }} as record_id,
        '{{ rule }}' as rule,
        '{{ column }}' as column_name,
        {{ given }} as source_value,
        _row_id
    from {{ relation }}
    where
        {% if known -%}
        {{ found }} not in (select known.{{ found }} from {{ known }} as known)
        {%- else -%}
        {{ found }} is null
        {%- endif %}
        and {{ given }} is not null
{%- endfor %}
{%- endmacro %}
