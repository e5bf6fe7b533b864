{#- A unique index is a key: no row lacks a value, and no two have the same. Where
    the engine scans columns instead of indexes, the build looks for the latter too. -#}
{% macro check_keys() %}
  {%- for index in config.get('indexes') or [] if index.get('unique') -%}
    {%- set columns = index.columns | join(', ') -%}
    {%- set lacking = index.columns | join(' is null or ') ~ ' is null' -%}
    {%- if dbt.indexes_rows() -%}
      {%- set broken = dbt.run_sql(
          'select ' ~ columns ~ ' from ' ~ this.identifier
          ~ ' where ' ~ lacking ~ ' limit 1'
      ) -%}
    {%- else -%}
      {%- set broken = dbt.run_sql(
          'select ' ~ columns ~ ' from ' ~ this.identifier ~ ' group by ' ~ columns
          ~ ' having count(*) > 1 or ' ~ lacking ~ ' limit 1'
      ) -%}
    {%- endif -%}
    {%- for row in broken -%}
      {%- do exceptions.raise_compiler_error(
          'Unique index broken: ' ~ this.identifier ~ ' (' ~ columns ~ ') has ('
          ~ row | join(', ') ~ ') ' ~ ('in a row' if none in row else 'in several rows')
      ) -%}
    {%- endfor -%}
  {%- endfor -%}
{% endmacro %}
