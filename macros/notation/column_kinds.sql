{#- The declared columns of a source table, and which of them hold identifiers, lists
    of these, dates, amounts, chances (columns named `probability`) and telephone
    numbers. The key, columns with `refers_to`, owners, campaigns and pipelines are
    identifiers; the latter three may be names as well (`named`). -#}
{% macro column_kinds(source_name, table_name, identifiers=[], lists=[]) -%}
{%- set key = judged_tables(source_name).get(table_name, {}).get('given_as') or 'id' -%}
{%- set kinds = {
    'columns': [], 'identifiers': [], 'lists': lists, 'dates': [], 'amounts': [],
    'chances': [], 'phones': [], 'named': [],
} -%}
{%- for column in source_table(source_name, table_name).columns.values() -%}
    {%- set name = column.name -%}
    {%- do kinds.columns.append(name) -%}
    {%- if name in ['owner', 'owner_name', 'campaign', 'pipeline'] -%}{%- do kinds.named.append(name) -%}{%- endif -%}
    {%- if name == key or name in kinds.named or name in identifiers
        or column.config.get('meta', {}).get('refers_to') -%}
        {%- do kinds.identifiers.append(name) -%}
    {%- elif column.data_type in ['date', 'timestamp'] -%}
        {%- do kinds.dates.append(name) -%}
    {%- elif column.data_type == 'money' -%}
        {%- do kinds.amounts.append(name) -%}
    {%- elif name == 'probability' -%}
        {%- do kinds.chances.append(name) -%}
    {%- elif 'phone' in name -%}
        {%- do kinds.phones.append(name) -%}
    {%- endif -%}
{%- endfor -%}
{{ return(kinds) }}
{%- endmacro %}
