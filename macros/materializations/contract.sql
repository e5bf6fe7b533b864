{#- A model's contract as a table with its keys and checks. The column
    descriptions are written into the DDL, so that `.schema` shows them. -#}
{% macro contracted_table_ddl(relation, sql) %}
  {% do assert_contracted_columns(sql) %}
  {%- set lines = [] -%}
  {%- for column in model.columns.values() -%}
    {%- set parts = [column.name, logical_type(column.data_type)] -%}
    {%- do parts.extend(column_constraints(column)) -%}
    {%- do lines.append(
        {'ddl': parts | join(' '), 'comment': ddl_comment(column.description)}
    ) -%}
  {%- endfor -%}
  {%- for constraint in model.constraints or []
      if enforces_references() or constraint_kind(constraint) != 'foreign_key' -%}
    {%- do lines.append({'ddl': table_constraint(constraint), 'comment': ''}) -%}
  {%- endfor -%}
  {%- set ddl -%}
create table {{ relation.identifier }} (
{{ ddl_comment(model.description) }}
{%- for line in lines %}
    {{ line.ddl }}{{ ',' if not loop.last }}{{ line.comment }}
{%- endfor %}
){{ table_options() }}
  {%- endset -%}
  {{ return(ddl) }}
{% endmacro %}


{% macro view_header() %}
  {%- if config.persist_relation_docs() -%}
    {{ return(ddl_comment(model.description)) }}
  {%- endif -%}
{% endmacro %}


{% macro ddl_comment(text) %}
  {%- if text and config.persist_column_docs() -%}
    {{ return('  -- ' ~ text.split() | join(' ')) }}
  {%- endif -%}
  {{ return('') }}
{% endmacro %}


{% macro assert_contracted_columns(sql) %}
  {%- set _, cursor = adapter.add_query(
      'select * from (' ~ sql ~ '\n) limit 0', auto_begin=False
  ) -%}
  {%- do cursor.fetchall() -%}
  {%- set given = cursor.description | map('first') | list -%}
  {%- set declared = model.columns.keys() | list -%}
  {%- set missing = declared | reject('in', given) | list -%}
  {%- set unknown = given | reject('in', declared) | list -%}
  {%- if missing or unknown -%}
    {%- do exceptions.raise_compiler_error(
        'Contract of ' ~ model.name ~ ': '
        ~ ('declared but not selected: ' ~ missing | join(', ')
           if missing else '')
        ~ ('; ' if missing and unknown else '')
        ~ ('selected but not declared: ' ~ unknown | join(', ')
           if unknown else '')
    ) -%}
  {%- endif -%}
{% endmacro %}


{#- What the engine calls a logical type of the contracts. -#}
{% macro logical_type(data_type) %}
  {%- set types = engine_types() -%}
  {%- if data_type not in types -%}
    {%- do exceptions.raise_compiler_error(
        'Contract of ' ~ model.name ~ ': data_type must be one of '
        ~ types | join(', ') ~ ', got: ' ~ data_type
    ) -%}
  {%- endif -%}
  {{ return(types[data_type]) }}
{% endmacro %}


{#- Dates and timestamps are ISO text on every engine: equal results, and text
    order is time order. -#}
{% macro engine_types() %}
  {{ return(adapter.dispatch('engine_types', 'revenue_warehouse')()) }}
{% endmacro %}


{% macro default__engine_types() %}
  {{ return({
      'text': 'text',
      'date': 'text',
      'timestamp': 'text',
      'boolean': 'boolean',
      'integer': 'bigint',
      'bigint': 'bigint',
      'double': 'double',
  }) }}
{% endmacro %}


{#- INT, not INTEGER: as primary key that would be the rowid and fill in NULLs
    by itself. -#}
{% macro sqlite__engine_types() %}
  {{ return({
      'text': 'text',
      'date': 'text',
      'timestamp': 'text',
      'boolean': 'int',
      'integer': 'int',
      'bigint': 'int',
      'double': 'real',
  }) }}
{% endmacro %}


{#- What stands behind the columns of a `create table`. -#}
{% macro table_options() %}
  {{ return(adapter.dispatch('table_options', 'revenue_warehouse')()) }}
{% endmacro %}


{% macro default__table_options() %}{{ return('') }}{% endmacro %}


{% macro sqlite__table_options() %}{{ return(' strict') }}{% endmacro %}


{#- The check that a logical type means where the engine has no such type. -#}
{% macro type_check(column) %}
  {{ return(adapter.dispatch('type_check', 'revenue_warehouse')(column)) }}
{% endmacro %}


{% macro default__type_check(column) %}
  {%- set name = column.name -%}
  {%- if column.data_type == 'date' -%}
    {{ return(
        name ~ ' is not distinct from'
        ~ ' cast(try_cast(' ~ name ~ ' as date) as text)'
    ) }}
  {%- elif column.data_type == 'timestamp' -%}
    {{ return(
        name ~ ' is not distinct from strftime(try_strptime(' ~ name
        ~ ", '%Y-%m-%dT%H:%M:%S.%fZ'), '%Y-%m-%dT%H:%M:%S.%fZ')"
    ) }}
  {%- endif -%}
  {{ return(none) }}
{% endmacro %}


{% macro sqlite__type_check(column) %}
  {%- set name = column.name -%}
  {%- if column.data_type == 'boolean' -%}
    {{ return(name ~ ' in (0, 1)') }}
  {%- elif column.data_type == 'date' -%}
    {#- without a modifier SQLite returns 2021-02-30 as it is -#}
    {{ return(name ~ ' is date(' ~ name ~ ", '+0 days')") }}
  {%- elif column.data_type == 'timestamp' -%}
    {%- set second = 'substr(' ~ name ~ ', 1, 19)' -%}
    {{ return(
        second ~ " is strftime('%Y-%m-%dT%H:%M:%S', " ~ second ~ ", '+0 days')"
        ~ ' and substr(' ~ name ~ ", 20) glob '." ~ '[0-9]' * 6 ~ "Z'"
    ) }}
  {%- endif -%}
  {{ return(none) }}
{% endmacro %}


{% macro column_constraints(column) %}
  {%- set parts = [] -%}
  {%- for constraint in column.constraints or [] -%}
    {%- set kind = constraint_kind(constraint) -%}
    {%- if kind == 'not_null' -%}
      {%- do parts.append('not null') -%}
    {%- elif kind == 'unique' -%}
      {%- do parts.append('unique') -%}
    {%- elif kind == 'primary_key' -%}
      {%- do parts.append('primary key') -%}
    {%- elif kind == 'check' -%}
      {%- do parts.append('check (' ~ constraint.expression ~ ')') -%}
    {%- elif kind == 'foreign_key' -%}
      {%- if enforces_references() -%}
        {%- do parts.append(
            'references ' ~ constraint_parent(constraint)
            ~ ' (' ~ constraint.to_columns | join(', ') ~ ')'
        ) -%}
      {%- endif -%}
    {%- else -%}
      {%- do exceptions.raise_compiler_error(
          'Contract of ' ~ model.name ~ ': cannot render a ' ~ kind
          ~ ' constraint of column ' ~ column.name
      ) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set check = type_check(column) -%}
  {%- if check -%}{%- do parts.append('check (' ~ check ~ ')') -%}{%- endif -%}
  {{ return(parts) }}
{% endmacro %}


{% macro table_constraint(constraint) %}
  {%- set kind = constraint_kind(constraint) -%}
  {%- set columns = constraint.columns | join(', ') -%}
  {%- if kind == 'primary_key' -%}
    {{ return('primary key (' ~ columns ~ ')') }}
  {%- elif kind == 'unique' -%}
    {{ return('unique (' ~ columns ~ ')') }}
  {%- elif kind == 'check' -%}
    {{ return('check (' ~ constraint.expression ~ ')') }}
  {%- elif kind == 'foreign_key' -%}
    {{ return(
        'foreign key (' ~ columns ~ ') references '
        ~ constraint_parent(constraint)
        ~ ' (' ~ constraint.to_columns | join(', ') ~ ')'
    ) }}
  {%- endif -%}
  {%- do exceptions.raise_compiler_error(
      'Contract of ' ~ model.name ~ ': cannot render a ' ~ kind
      ~ ' constraint of the whole table'
  ) -%}
{% endmacro %}


{#- dbt hands types over as an enumeration or as text. -#}
{% macro constraint_kind(constraint) %}
  {{ return((constraint.type.value or constraint.type) | string) }}
{% endmacro %}


{#- dbt renders `to: ref(...)` with database and schema, which SQLite does not
    take in a REFERENCES clause; of a node that is not the current one it may not
    be rendered at all. -#}
{% macro constraint_parent(constraint) %}
  {%- set to = constraint.to -%}
  {%- if to.startswith('ref(') -%}
    {{ return(to[4:].strip(" ()'") | replace('"', '')) }}
  {%- endif -%}
  {{ return(to.split('.')[-1].strip('"`')) }}
{% endmacro %}
