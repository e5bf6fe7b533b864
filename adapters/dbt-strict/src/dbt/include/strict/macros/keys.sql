{#- A unique index is a key: no row lacks a value, and no two have the same. Where
    the engine scans columns instead of indexes, the build looks for the latter too. -#}
{% macro check_keys() %}
  {%- for index in config.get('indexes') or [] if index.get('unique') -%}
    {%- set columns = index.columns | join(', ') -%}
    {%- set lacking = index.columns | join(' is null or ') ~ ' is null' -%}
    {%- set broken = ' where ' ~ lacking if dbt.indexes_rows()
        else ' group by ' ~ columns ~ ' having count(*) > 1 or ' ~ lacking -%}
    {%- for row in dbt.run_sql(
        'select ' ~ columns ~ ' from ' ~ this.identifier ~ broken ~ ' limit 1'
    ) -%}
      {%- do exceptions.raise_compiler_error(
          'Unique index broken: ' ~ this.identifier ~ ' (' ~ columns ~ ') has ('
          ~ row | join(', ') ~ ') ' ~ ('in a row' if none in row else 'in several rows')
      ) -%}
    {%- endfor -%}
  {%- endfor -%}
{% endmacro %}
