{#- Run at the start: makes what is to be built from visible to the engine. On
    SQLite and PostgreSQL ingestion itself writes the tables; elsewhere bronze lies in the Parquet
    files of a lake (scripts/ingest/lake.py), read by views over the files that
    its ledger names. -#}
{% macro bronze_views() %}
  {%- if execute and flags.WHICH in [
      'build', 'run', 'seed', 'test', 'retry', 'generate', 'freshness', 'show'
  ] -%}
    {%- do adapter.dispatch('bronze_views', 'revenue_warehouse')() -%}
  {%- endif -%}
{% endmacro %}


{% macro sqlite__bronze_views() %}{% endmacro %}


{% macro postgres__bronze_views() %}{% endmacro %}


{% macro default__bronze_views() %}
  {%- set lake = adapter.external_root() -%}
  {%- if not run_sql(
      "select file from glob('" ~ lake ~ "/ledger/ingest_files.parquet')"
  ) -%}
    {%- do exceptions.raise_compiler_error(
        'nothing has landed in ' ~ lake ~ ' yet: python -m scripts.ingest'
        ~ ' --target ' ~ target.name
    ) -%}
  {%- endif -%}
  {%- for source in graph.sources.values() | sort(attribute='source_name') -%}
    {%- if source.source_name == 'ingest' -%}
      {%- do run_sql(
          'create or replace view ' ~ source.identifier ~ " as select * from '"
          ~ lake ~ '/ledger/' ~ source.identifier ~ ".parquet'"
      ) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for source in graph.sources.values() -%}
    {%- if source.source_name != 'ingest' -%}
      {%- do run_sql(bronze_view(source, lake)) -%}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}


{#- Temporary views, made in each run: the catalogue keeps none over files. -#}
{% macro spark__bronze_views() %}
  {%- set lake = adapter.external_root() -%}
  {%- for source in graph.sources.values() -%}
    {%- if source.source_name == 'ingest' -%}
      {%- do adapter.read_ledger(
          source.identifier, lake ~ '/ledger/' ~ source.identifier ~ '.parquet'
      ) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for source in graph.sources.values() -%}
    {%- if source.source_name != 'ingest' -%}
      {%- do adapter.read_bronze(
          source.identifier,
          [lake, source.source_name, source.name] | join('/'),
          run_sql(
              'select file_id, batch_id, loaded_at, landed_count from ingest_files'
              ~ " where status = 'landed' and source_name = '" ~ source.source_name
              ~ "' and table_name = '" ~ source.name ~ "' order by file_id"
          )
      ) -%}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}


{#- Rows are numbered in the order of files and, within a file, of records: as
    they are in an SQLite warehouse that got the same deliveries. -#}
{% macro bronze_view(source, lake) %}
  {%- set folder = [lake, source.source_name, source.name] | join('/') -%}
  {%- set landed = "status = 'landed' and source_name = '" ~ source.source_name
      ~ "' and table_name = '" ~ source.name ~ "'" -%}
  {%- set files = ['0'] -%}
  {%- for row in run_sql(
      'select file_id from ingest_files where ' ~ landed ~ ' order by file_id'
  ) -%}
    {%- do files.append(row[0]) -%}
  {%- endfor -%}
  {%- set view -%}
create or replace view {{ source.identifier }} as
select
    files.first_row_id + records.file_row_number as _row_id,
    files.file_id as _file_id,
    records._record,
    records._line,
    files.batch_id as _batch_id,
    files.loaded_at as _loaded_at,
    records._delivered_at,
    records.* exclude (_record, _line, _delivered_at, filename, file_row_number)
from read_parquet(
    [
    {%- for file in files -%}
        '{{ folder }}/{{ file }}.parquet'{{ ', ' if not loop.last }}
    {%- endfor -%}
    ],
    union_by_name = true, filename = true, file_row_number = true
) as records
inner join (
    select
        file_id,
        batch_id,
        loaded_at,
        '{{ folder }}/' || file_id || '.parquet' as file_path,
        1 + coalesce(sum(landed_count) over (
            order by file_id rows between unbounded preceding and 1 preceding
        ), 0) as first_row_id
    from ingest_files
    where {{ landed }}
) as files
    on records.filename = files.file_path
  {%- endset -%}
  {{ return(view) }}
{% endmacro %}
