{#- Run at the start of a command that builds: empties what `make run` knows of its
    last build, unless it is the one that builds. Its next run then builds all. -#}
{% macro forget_build() %}
  {%- if execute
      and flags.WHICH in ['build', 'run', 'seed', 'snapshot', 'clone', 'retry']
      and 'PLANNED' not in dbt_metadata_envs
      and kind_of_relation('_last_build') == 'table' -%}
    {%- do begin_build() -%}
    {%- do run_sql('delete from _last_build') -%}
    {%- do adapter.commit() -%}
  {%- endif -%}
{% endmacro %}
