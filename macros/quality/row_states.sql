{#- What became of every record of a source's tables, with its place; a whole
    select. A model that several tables share has a column `table_name`. -#}
{% macro row_states(source_name) -%}
{%- set tables = judged_tables(source_name) -%}
{%- set sharing = {} -%}
{%- for table, judged in tables.items() -%}
  {%- do sharing.setdefault(judged.states, []).append(table) -%}
{%- endfor -%}
{%- for model, names in sharing.items() -%}
{{ '\n    union all\n    ' if not loop.first }}select
        {{ "'" ~ names[0] ~ "' as table_name" if names | length == 1
            else 'table_name' }},
        row_status,
        _row_id,
        _file_id,
        _record,
        _line
    from {{ ref(model) }}
    {#- no rows but those delivered: not those of what full pictures lack #}
    where _row_id > 0
{%- endfor -%}
{%- endmacro %}
