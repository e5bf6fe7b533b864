{#- What a file of the ledger means: `delivery` of its system's declaration, else of
    its table's. Pages of a connector are states of records. -#}
{% macro delivery_meaning(source_name, tables) -%}
case
            {%- for table in tables %}
            {%- set meta = source_table(source_name, table).config.meta or {}
                if execute else {} %}
            {%- for feed in [meta.get('api'), meta.get('database')] if feed %}
            when table_name = '{{ table }}' and file_name like '{{ feed.name }}/%'
                then 'changes'
            {%- endfor %}
            {%- endfor %}
            when notation is not null
                then coalesce({{ json_value('notation', 'delivery') }}, 'changes')
            {%- for table in tables %}
            when table_name = '{{ table }}'
                then '{{ source_settings(source_name, table).delivery }}'
            {%- endfor %}
        end
{%- endmacro %}
