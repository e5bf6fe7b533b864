{#- What Spark does otherwise: each statement is a transaction of its own, and nothing
    in the catalogue holds keys or checks. A table is worked out first, looked at, and
    then put in the place of the old one by one commit of Iceberg. -#}

{% materialization table, adapter='spark_strict' %}
  {{ return(dbt.build_table(sql)) }}
{% endmaterialization %}


{% materialization incremental, adapter='spark_strict' %}
  {{ return(dbt.build_incremental(sql)) }}
{% endmaterialization %}


{#- Kept as a table: each reader of a view would plan it anew, and with it the views
    that it reads, which takes Spark longer than working it out. -#}
{% materialization view, adapter='spark_strict' %}
  {%- if adapter.kind_of_relation(this.identifier) == 'view' -%}
    {%- do dbt.run_sql('-- spark\ndrop view ' ~ this) -%}
  {%- endif -%}
  {{ return(dbt.build_table(sql)) }}
{% endmaterialization %}


{% materialization seed, adapter='spark_strict' %}
  {{ return(dbt.build_seed()) }}
{% endmaterialization %}


{% macro spark__begin_build(foreign_keys) %}{% endmacro %}


{% macro spark__kind_of_relation(name) %}
  {{ return(adapter.kind_of_relation(name)) }}
{% endmacro %}


{% macro spark__begin_relation() %}
  {{ return(this.incorporate(type='table')) }}
{% endmacro %}


{% macro spark__write_relation(made, sql) %}
  {%- set rows = this.identifier ~ '__rows' -%}
  {%- set given = adapter.materialized(sql, rows) -%}
  {%- set columns = [] -%}
  {%- if config.get('contract').enforced -%}
    {%- do dbt.assert_columns(given) -%}
    {%- for column in model.columns.values() -%}
      {%- set name = dbt.quoted_name(column) | replace('"', '`') -%}
      {%- do columns.append(
          'cast(' ~ name ~ ' as ' ~ dbt.logical_type(column.data_type) ~ ') as ' ~ name
      ) -%}
    {%- endfor -%}
    {%- do dbt.spark__check_rows(rows) -%}
  {%- endif -%}
  {%- set query = 'select ' ~ (columns | join(', ') or '*') ~ ' from ' ~ rows -%}
  {% call statement('main') %}
    -- spark
    create or replace table {{ made }} using iceberg
    {%- if config.persist_relation_docs() and model.description %}
    comment {{ dbt.spark__literal(model.description) }}
    {%- endif %}
    as {{ query }}
  {% endcall %}
  {%- set comments = [] -%}
  {%- if config.persist_column_docs() -%}
    {%- for column in model.columns.values() if column.description -%}
      {%- do comments.append(
          dbt.quoted_name(column) | replace('"', '`') ~ ' comment ' ~ dbt.spark__literal(column.description)
      ) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- if comments -%}
    {%- do dbt.run_sql(
        '-- spark\nalter table ' ~ made ~ ' alter column ' ~ comments | join(', ')
    ) -%}
  {%- endif -%}
  {%- do adapter.keep_rows(made.identifier, query) -%}
{% endmacro %}


{% macro spark__literal(text) %}
  {{ return(
      "'" ~ text.split() | join(' ') | replace('\\', '\\\\') | replace("'", "\\'") ~ "'"
  ) }}
{% endmacro %}


{#- Fails if rows break a key or a check of the contract: one look at all of them. -#}
{% macro spark__check_rows(rows) %}
  {%- set rules, counts = [], [] -%}
  {%- set constraints = [] -%}
  {%- for column in model.columns.values() -%}
    {%- for constraint in column.constraints or [] -%}
      {%- do constraints.append([
          dbt.constraint_kind(constraint), [dbt.quoted_name(column)], constraint.expression
      ]) -%}
    {%- endfor -%}
    {%- set check = dbt.type_check(column) -%}
    {%- if check -%}{%- do constraints.append(['check', [], check]) -%}{%- endif -%}
  {%- endfor -%}
  {%- for constraint in model.constraints or [] -%}
    {%- do constraints.append([
        dbt.constraint_kind(constraint), constraint.columns, constraint.expression
    ]) -%}
  {%- endfor -%}
  {%- for kind, columns, expression in constraints -%}
    {%- set names = columns | join(', ') -%}
    {%- if kind in ['primary_key', 'not_null'] -%}
      {%- do rules.append(names ~ ' is null') -%}
      {%- do counts.append(
          'count(case when ' ~ columns | join(' is null or ') ~ ' is null then 1 end)'
      ) -%}
    {%- endif -%}
    {%- if kind in ['primary_key', 'unique'] -%}
      {%- do rules.append(names ~ ' is not unique') -%}
      {%- do counts.append(
          'count(case when ' ~ columns | join(' is not null and ')
          ~ ' is not null then 1 end) - count(distinct ' ~ names ~ ')'
      ) -%}
    {%- elif kind == 'check' -%}
      {%- do rules.append('check (' ~ expression ~ ')') -%}
      {%- do counts.append('count(case when not (' ~ expression ~ ') then 1 end)') -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if counts -%}
    {%- set found = dbt.run_sql('select ' ~ counts | join(', ') ~ ' from ' ~ rows)[0] -%}
    {%- set broken = [] -%}
    {%- for count in found -%}
      {%- if count -%}
        {%- do broken.append(rules[loop.index0] ~ ' in ' ~ count ~ ' rows') -%}
      {%- endif -%}
    {%- endfor -%}
    {%- if broken -%}
      {%- do exceptions.raise_compiler_error(
          'Contract of ' ~ model.name ~ ' broken: ' ~ broken | join('; ')
      ) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}


{#- One commit: MERGE deletes what goes and inserts what comes. -#}
{% macro spark__apply_delta(sql, strategy, keys) %}
  {%- set delta = this.identifier ~ '__delta' -%}
  {%- set target = this.incorporate(type='table') -%}
  {%- set names = dbt.column_names(target) -%}
  {%- do adapter.materialized(sql, delta) -%}
  {%- set matches = [] -%}
  {%- set batch = batch_column() -%}
  {%- if strategy != 'merge' and batch in names -%}
    {%- do matches.append(
        'old.' ~ batch ~ ' > ' ~ dbt.run_sql('select ' ~ dbt.watermark() ~ ' from _build_state limit 1')[0][0]
        ~ (' and (old.' ~ keys | join(' is null or old.') ~ ' is null)' if keys else '')
        ~ " and new._goes = 2"
    ) -%}
  {%- endif -%}
  {%- set same = [] -%}
  {%- for key in keys -%}
    {%- do same.append('old.' ~ key ~ ' = new.' ~ key) -%}
  {%- endfor -%}
  {% if strategy == 'merge' %}
    {%- set compared = (config.get('merge_update_columns') or names) | reject(
        'in', keys + (config.get('merge_exclude_columns') or [])
    ) | list -%}
    {% call statement('main') %}
      -- spark
      merge into {{ target }} as old using {{ delta }} as new
      on {{ same | join(' and ') }}
      {%- if compared %}
      when matched and (
        {%- for name in compared %}
        {{ 'or ' if not loop.first }}not old.{{ name }} <=> new.{{ name }}
        {%- endfor %}
      ) then update set
      {%- for name in compared %}
        {{ name }} = new.{{ name }}{{ ',' if not loop.last }}
      {%- endfor %}
      {%- endif %}
      when not matched then insert ({{ names | join(', ') }})
      values (new.{{ names | join(', new.') }})
    {% endcall %}
  {% else %}
    {%- if strategy == 'delete+insert' -%}
      {%- do matches.append('(' ~ same | join(' and ') ~ ' and new._goes = 1)') -%}
    {%- endif -%}
    {% call statement('main') %}
      -- spark
      merge into {{ target }} as old using (
        select {{ names | join(', ') }}, 0 as _goes from {{ delta }}
        {%- if strategy == 'delete+insert' %}
        union all
        select distinct
        {%- for name in names %}
          {{ name if name in keys else 'null' }} as {{ name }},
        {%- endfor %}
          1 as _goes
        from {{ delta }}
        {%- endif %}
        union all
        select {% for name in names %}null as {{ name }}, {% endfor %}2 as _goes
      ) as new
      on {{ matches | join(' or ') or 'false' }}
      when matched then delete
      when not matched and new._goes = 0 then insert ({{ names | join(', ') }})
      values (new.{{ names | join(', new.') }})
    {% endcall %}
  {% endif %}
  {% do dbt.check_references(model) %}
{% endmacro %}


{% macro spark__write_seed(made, rows, columns) %}
  {%- do adapter.write_rows(made, rows.rows, columns) -%}
{% endmacro %}


{% macro spark__temporary(name) %}{{ return(name) }}{% endmacro %}


{#- It has been read when it was made. -#}
{% macro spark__look_at(view) %}{% endmacro %}


{% macro spark__collect_freshness(source, loaded_at_field, filter) %}
  {{ return(dbt.freshness_of_text(source, loaded_at_field, filter)) }}
{% endmacro %}
