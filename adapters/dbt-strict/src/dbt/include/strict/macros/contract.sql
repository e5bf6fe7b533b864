{#- A model's contract as a table with its keys and checks. The column
    descriptions are written into the DDL, so that `.schema` shows them. -#}
{% macro contracted_table_ddl(relation, sql) %}
  {% do dbt.assert_contracted_columns(sql) %}
  {%- set lines = [] -%}
  {%- for column in model.columns.values() -%}
    {%- set parts = [dbt.quoted_name(column), dbt.logical_type(column.data_type)] -%}
    {%- do parts.extend(dbt.column_constraints(column)) -%}
    {%- do lines.append(
        {'ddl': parts | join(' '), 'comment': dbt.ddl_comment(column.description)}
    ) -%}
  {%- endfor -%}
  {%- for constraint in model.constraints or []
      if dbt.enforces_references() or dbt.constraint_kind(constraint) != 'foreign_key' -%}
    {%- do lines.append({'ddl': dbt.table_constraint(constraint), 'comment': ''}) -%}
  {%- endfor -%}
  {%- set ddl -%}
create table {{ relation.identifier }} (
{{ dbt.ddl_comment(model.description) }}
{%- for line in lines %}
    {{ line.ddl }}{{ ',' if not loop.last }}{{ line.comment }}
{%- endfor %}
){{ dbt.table_options() }}
  {%- endset -%}
  {{ return(ddl) }}
{% endmacro %}


{% macro view_header() %}
  {%- if config.persist_relation_docs() -%}
    {{ return(dbt.ddl_comment(model.description)) }}
  {%- endif -%}
{% endmacro %}


{% macro ddl_comment(text) %}
  {%- if text and config.persist_column_docs() -%}
    {{ return('  -- ' ~ text.split() | join(' ')) }}
  {%- endif -%}
  {{ return('') }}
{% endmacro %}


{% macro assert_contracted_columns(sql) %}
  {%- do dbt.assert_columns(adapter.dispatch('names_of_query')(sql)) -%}
{% endmacro %}


{% macro assert_columns(given) %}
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


{#- The names of a query's columns. -#}
{% macro default__names_of_query(sql) %}
  {{ return(dbt.column_names('(' ~ sql ~ '\n) as _rows')) }}
{% endmacro %}


{#- SQLite works out what is materialized before it looks at a limit; a view it only
    compiles. One that it cannot compile has no columns, and EXPLAIN says why. -#}
{% macro sqlite__names_of_query(sql) %}
  {%- do dbt.run_sql('create temp view _contracted as select * from (' ~ sql ~ '\n)') -%}
  {%- set names = dbt.run_sql("select name from pragma_table_info('_contracted')")
      | map('first') | list -%}
  {%- if not names -%}
    {%- do dbt.run_sql('explain select * from temp._contracted') -%}
  {%- endif -%}
  {%- do dbt.run_sql('drop view temp._contracted') -%}
  {{ return(names) }}
{% endmacro %}


{#- A column as statements name it, quoted where its YAML says `quote`. -#}
{% macro quoted_name(column) %}
  {{ return(adapter.quote(column.name) if column.quote else column.name) }}
{% endmacro %}


{#- What the engine calls a logical type of the contracts. -#}
{% macro logical_type(data_type) %}
  {%- set types = dbt.engine_types() -%}
  {%- set name = dbt.type_name(data_type) -%}
  {%- if name not in types -%}
    {%- do exceptions.raise_compiler_error(
        'Contract of ' ~ model.name ~ ': data_type must be one of '
        ~ types | join(', ') ~ ', got: ' ~ data_type
    ) -%}
  {%- endif -%}
  {{ return(types[name]) }}
{% endmacro %}


{#- The logical type for a common name of it; a length or precision is ignored. -#}
{% macro type_name(data_type) %}
  {%- set name = data_type.split('(')[0] | trim | lower -%}
  {{ return({
      'varchar': 'text', 'character varying': 'text', 'char': 'text',
      'string': 'text', 'int': 'integer', 'smallint': 'integer',
      'float': 'double', 'real': 'double', 'double precision': 'double',
      'bool': 'boolean', 'decimal': 'numeric',
  }.get(name, name)) }}
{% endmacro %}


{#- Dates and timestamps are ISO text on every engine: equal results, and text
    order is time order. -#}
{% macro engine_types() %}
  {{ return(adapter.dispatch('engine_types')()) }}
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
      'numeric': 'decimal(38, 9)',
      'datetime': 'text',
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
      'numeric': 'any',
      'datetime': 'text',
  }) }}
{% endmacro %}


{% macro postgres__engine_types() %}
  {{ return(dict(
      dbt.default__engine_types(), double='double precision', numeric='numeric'
  )) }}
{% endmacro %}


{% macro spark__engine_types() %}
  {{ return(dict(
      dbt.default__engine_types(), text='string', date='string', timestamp='string',
      datetime='string'
  )) }}
{% endmacro %}


{#- What stands behind the columns of a `create table`. -#}
{% macro table_options() %}
  {{ return(adapter.dispatch('table_options')()) }}
{% endmacro %}


{% macro default__table_options() %}{{ return('') }}{% endmacro %}


{% macro sqlite__table_options() %}{{ return(' strict') }}{% endmacro %}


{#- The check that a logical type means where the engine has no such type. -#}
{% macro type_check(column) %}
  {{ return(adapter.dispatch('type_check')(column)) }}
{% endmacro %}


{% macro default__type_check(column) %}
  {%- set name = dbt.quoted_name(column) -%}
  {%- set type = dbt.type_name(column.data_type) -%}
  {%- if type == 'date' -%}
    {{ return(
        name ~ ' is not distinct from'
        ~ ' cast(try_cast(' ~ name ~ ' as date) as text)'
    ) }}
  {%- elif type == 'timestamp' -%}
    {{ return(
        name ~ ' is not distinct from strftime(try_strptime(' ~ name
        ~ ", '%Y-%m-%dT%H:%M:%S.%fZ'), '%Y-%m-%dT%H:%M:%S.%fZ')"
    ) }}
  {%- elif type == 'datetime' -%}
    {{ return(
        name ~ ' is null or try_cast(' ~ name ~ ' as timestamp) is not null'
    ) }}
  {%- endif -%}
  {{ return(none) }}
{% endmacro %}


{% macro sqlite__type_check(column) %}
  {%- set name = dbt.quoted_name(column) -%}
  {%- set type = dbt.type_name(column.data_type) -%}
  {%- if type == 'boolean' -%}
    {{ return(name ~ ' in (0, 1)') }}
  {%- elif type == 'numeric' -%}
    {{ return('typeof(' ~ name ~ ") in ('integer', 'real', 'null')") }}
  {%- elif type == 'date' -%}
    {#- without a modifier SQLite returns 2021-02-30 as it is -#}
    {{ return(name ~ ' is date(' ~ name ~ ", '+0 days')") }}
  {%- elif type == 'datetime' -%}
    {{ return(
        name ~ ' is null or datetime(' ~ name ~ ') is not null and substr('
        ~ name ~ ', 1, 10) is date(substr(' ~ name ~ ", 1, 10), '+0 days')"
    ) }}
  {%- elif type == 'timestamp' -%}
    {%- set second = 'substr(' ~ name ~ ', 1, 19)' -%}
    {{ return(
        second ~ " is strftime('%Y-%m-%dT%H:%M:%S', " ~ second ~ ", '+0 days')"
        ~ ' and substr(' ~ name ~ ", 20) glob '." ~ '[0-9]' * 6 ~ "Z'"
    ) }}
  {%- endif -%}
  {{ return(none) }}
{% endmacro %}


{#- A text that cannot be cast is an error, as is one that is cast to another. -#}
{% macro postgres__type_check(column) %}
  {%- set name = dbt.quoted_name(column) -%}
  {%- set type = dbt.type_name(column.data_type) -%}
  {%- if type == 'date' -%}
    {{ return("to_char(cast(" ~ name ~ " as date), 'YYYY-MM-DD') = " ~ name) }}
  {%- elif type == 'timestamp' -%}
    {{ return(
        'to_char(cast(' ~ name ~ ' as timestamp),'
        ~ " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') = " ~ name
    ) }}
  {%- elif type == 'datetime' -%}
    {{ return('cast(' ~ name ~ ' as timestamp) is not null or ' ~ name ~ ' is null') }}
  {%- endif -%}
  {{ return(none) }}
{% endmacro %}


{% macro spark__type_check(column) %}
  {%- if dbt.type_name(column.data_type) != 'timestamp' -%}
    {{ return(dbt.default__type_check(column)) }}
  {%- endif -%}
  {%- set name = dbt.quoted_name(column) -%}
  {{ return(
      name ~ ' is not distinct from strftime(try_cast(substr(' ~ name
      ~ ", 1, 26) as timestamp), '%Y-%m-%dT%H:%M:%S.%fZ')"
  ) }}
{% endmacro %}


{#- The constraints of a column as parts of its DDL. -#}
{% macro column_constraints(column) %}
  {%- set parts = [] -%}
  {%- for constraint in column.constraints or []
      if dbt.enforces_references() or dbt.constraint_kind(constraint) != 'foreign_key' -%}
    {%- set kind = dbt.constraint_kind(constraint) -%}
    {%- if kind == 'foreign_key' -%}
      {%- set rule = dbt.constraint_target(constraint) -%}
    {%- elif kind == 'check' -%}
      {%- set rule = 'check (' ~ constraint.expression ~ ')' -%}
    {%- elif kind == 'custom' -%}
      {%- set rule = constraint.expression -%}
    {%- else -%}
      {%- set rule = kind | replace('_', ' ') -%}
    {%- endif -%}
    {%- do parts.append(dbt.constraint_name(constraint) ~ rule) -%}
  {%- endfor -%}
  {%- set check = dbt.type_check(column) -%}
  {%- if check -%}{%- do parts.append('check (' ~ check ~ ')') -%}{%- endif -%}
  {{ return(parts) }}
{% endmacro %}


{#- A constraint of the whole table as a line of its DDL. -#}
{% macro table_constraint(constraint) %}
  {%- set kind = dbt.constraint_kind(constraint) -%}
  {%- set columns = constraint.columns | join(', ') -%}
  {%- if kind == 'check' -%}
    {%- set rule = 'check (' ~ constraint.expression ~ ')' -%}
  {%- elif kind == 'foreign_key' -%}
    {%- set rule = 'foreign key (' ~ columns ~ ') '
        ~ dbt.constraint_target(constraint) -%}
  {%- elif kind in ['primary_key', 'unique'] -%}
    {%- set rule = kind | replace('_', ' ') ~ ' (' ~ columns ~ ')' -%}
  {%- else -%}
    {%- do exceptions.raise_compiler_error(
        'Contract of ' ~ model.name ~ ': cannot render a ' ~ kind
        ~ ' constraint of the whole table'
    ) -%}
  {%- endif -%}
  {{ return(dbt.constraint_name(constraint) ~ rule) }}
{% endmacro %}


{% macro constraint_name(constraint) %}
  {{ return('constraint ' ~ constraint.name ~ ' ' if constraint.name else '') }}
{% endmacro %}


{#- What a foreign key refers to. -#}
{% macro constraint_target(constraint) %}
  {{ return(
      'references ' ~ dbt.constraint_parent(constraint)
      ~ ' (' ~ dbt.constraint_parent_columns(constraint) | join(', ') ~ ')'
  ) }}
{% endmacro %}


{#- dbt hands types over as an enumeration or as text. -#}
{% macro constraint_kind(constraint) %}
  {{ return((constraint.type.value or constraint.type) | string) }}
{% endmacro %}


{#- dbt renders `to: ref(...)` with database and schema, which SQLite does not
    take in a REFERENCES clause; of a node that is not the current one it may not
    be rendered at all. The older form is an expression: `parent (column)`. -#}
{% macro constraint_parent(constraint) %}
  {%- set to = constraint.to or constraint.expression.split('(')[0] | trim -%}
  {%- if to.startswith('ref(') -%}
    {{ return(to[4:].strip(" ()'") | replace('"', '')) }}
  {%- endif -%}
  {{ return(to.split('.')[-1].strip('"`')) }}
{% endmacro %}


{% macro constraint_parent_columns(constraint) %}
  {%- if constraint.to_columns -%}{{ return(constraint.to_columns) }}{%- endif -%}
  {%- set columns = [] -%}
  {%- for name in constraint.expression.split('(')[1].strip(' )').split(',') -%}
    {%- do columns.append(name | trim) -%}
  {%- endfor -%}
  {{ return(columns) }}
{% endmacro %}
