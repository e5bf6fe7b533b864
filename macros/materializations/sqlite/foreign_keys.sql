{#- Fails with the first broken references of a table. -#}
{% macro check_foreign_keys_of(table) %}
  {%- set broken = sqlite_run(
      "select c.'table', c.rowid, c.parent, f.'from' from"
      ~ " pragma_foreign_key_check('" ~ table ~ "') as c"
      ~ " left join pragma_foreign_key_list('" ~ table ~ "') as f"
      ~ " on f.id = c.fkid limit 5"
  ) -%}
  {%- if broken -%}
    {%- set examples = [] -%}
    {%- for row in broken -%}
      {%- do examples.append(
          row[0] ~ '.' ~ row[3] ~ ' (row ' ~ row[1] ~ ') is not in ' ~ row[2]
      ) -%}
    {%- endfor -%}
    {%- do exceptions.raise_compiler_error(
        'Foreign key broken: ' ~ examples | join('; ')
    ) -%}
  {%- endif -%}
{% endmacro %}


{#- Run at the end: rebuilding a parent alone leaves the references of its
    children unchecked, because foreign keys are off while it is dropped. What
    fails, or was killed before it came here, is checked again by the next run. -#}
{% macro check_children_of_rebuilt() %}
  {{ return(adapter.dispatch('check_children_of_rebuilt')()) }}
{% endmacro %}


{% macro default__check_children_of_rebuilt() %}{% endmacro %}


{% macro sqlite__check_children_of_rebuilt() %}
  {%- if execute and flags.WHICH in ['build', 'run', 'seed', 'retry'] -%}
    {%- do sqlite_begin() -%}
    {%- set children = sqlite_run(
        "select distinct child.name from sqlite_master as child"
        ~ " join pragma_foreign_key_list(child.name) as key"
        ~ " join _build_state as state on state.relation = key.'table'"
        ~ " where child.type = 'table' and not state.are_children_checked"
    ) -%}
    {%- for child in children -%}
      {%- do check_foreign_keys_of(child[0]) -%}
    {%- endfor -%}
    {%- do sqlite_run('update _build_state set are_children_checked = 1') -%}
    {%- do adapter.commit() -%}
  {%- endif -%}
{% endmacro %}
