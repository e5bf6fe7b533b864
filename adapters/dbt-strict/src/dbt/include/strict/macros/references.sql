{#- Whether the engine holds foreign keys itself. DuckDB could, but then would not
    let a parent be dropped, so there the build looks for orphans. -#}
{% macro enforces_references() %}
  {{ return(adapter.dispatch('enforces_references')()) }}
{% endmacro %}


{% macro default__enforces_references() %}{{ return(false) }}{% endmacro %}


{% macro sqlite__enforces_references() %}{{ return(true) }}{% endmacro %}


{#- The foreign keys of a node: columns, parent, parent_columns. -#}
{% macro references_of(node) %}
  {%- set references = [] -%}
  {%- for column in node.columns.values() -%}
    {%- for constraint in column.constraints or []
        if dbt.constraint_kind(constraint) == 'foreign_key' -%}
      {%- do references.append({
          'columns': [column.name],
          'parent': dbt.constraint_parent(constraint),
          'parent_columns': dbt.constraint_parent_columns(constraint),
      }) -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- for constraint in node.constraints or []
      if dbt.constraint_kind(constraint) == 'foreign_key' -%}
    {%- do references.append({
        'columns': constraint.columns,
        'parent': dbt.constraint_parent(constraint),
        'parent_columns': dbt.constraint_parent_columns(constraint),
    }) -%}
  {%- endfor -%}
  {{ return(references) }}
{% endmacro %}


{#- Fails with the first broken references of a node's table. -#}
{% macro check_references(node) %}
  {%- set broken = adapter.dispatch('broken_references')(
      node
  ) -%}
  {%- if broken -%}
    {%- do exceptions.raise_compiler_error(
        'Foreign key broken: ' ~ broken | join('; ')
    ) -%}
  {%- endif -%}
{% endmacro %}


{% macro default__broken_references(node) %}
  {%- set found = [] -%}
  {%- for key in dbt.references_of(node) -%}
    {%- set pairs = [] -%}
    {%- for column in key.columns -%}
      {%- do pairs.append(
          'child.' ~ column ~ ' = parent.' ~ key.parent_columns[loop.index0]
      ) -%}
    {%- endfor -%}
    {%- set orphans = dbt.run_sql(
        'select child.' ~ key.columns | join(', child.')
        ~ ' from ' ~ node.alias ~ ' as child left join ' ~ key.parent
        ~ ' as parent on ' ~ pairs | join(' and ')
        ~ ' where parent.' ~ key.parent_columns[0] ~ ' is null and child.'
        ~ key.columns | join(' is not null and child.') ~ ' is not null limit 5'
    ) -%}
    {%- for row in orphans -%}
      {%- do found.append(
          node.alias ~ '.' ~ key.columns | join(', ') ~ ' (' ~ row | join(', ')
          ~ ') is not in ' ~ key.parent
      ) -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}


{% macro sqlite__broken_references(node) %}
  {%- set found = [] -%}
  {%- for row in dbt.run_sql(
      "select c.'table', c.rowid, c.parent, f.'from' from"
      ~ " pragma_foreign_key_check('" ~ node.alias ~ "') as c"
      ~ " left join pragma_foreign_key_list('" ~ node.alias ~ "') as f"
      ~ " on f.id = c.fkid limit 5"
  ) -%}
    {%- do found.append(
        row[0] ~ '.' ~ row[3] ~ ' (row ' ~ row[1] ~ ') is not in ' ~ row[2]
    ) -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}


{#- Within a delta: SQLite checks the references of its rows when the transaction
    commits, elsewhere the build does, once the rows are in. -#}
{% macro defer_references() %}
  {%- if dbt.enforces_references() -%}
    {%- do dbt.run_sql('pragma defer_foreign_keys = on') -%}
  {%- endif -%}
{% endmacro %}


{#- Run at the end: rebuilding a parent alone leaves the references of its
    children unchecked, because foreign keys are off while it is dropped. What
    fails, or was killed before it came here, is checked again by the next run. -#}
{% macro check_children_of_rebuilt() %}
  {%- if execute and flags.WHICH in ['build', 'run', 'seed', 'snapshot', 'retry'] -%}
    {%- do dbt.begin_build() -%}
    {%- do adapter.dispatch('check_children')() -%}
    {%- do dbt.grant_access() -%}
    {%- do dbt.run_sql('update _build_state set are_children_checked = 1') -%}
    {%- do adapter.commit() -%}
  {%- endif -%}
{% endmacro %}


{% macro default__check_children() %}
    {%- set unchecked = dbt.run_sql(
        'select relation from _build_state where are_children_checked = 0'
    ) | map('first') | list -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' and unchecked -%}
      {%- set parents = dbt.references_of(node) | map(attribute='parent') | list -%}
      {%- if parents | select('in', unchecked) | list
          and dbt.kind_of_relation(node.alias) == 'table' -%}
        {%- do dbt.check_references(node) -%}
      {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- Before a build that may lose rows whose children follow later in the same run, and
    before it reads anything; `is_whole` if the table itself is exchanged. -#}
{% macro release_keys(is_whole) %}
  {{ return(adapter.dispatch('release_keys')(is_whole)) }}
{% endmacro %}


{% macro default__release_keys(is_whole) %}{% endmacro %}
