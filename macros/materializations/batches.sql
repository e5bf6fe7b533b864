{#- What the adapters need to know of deliveries that are numbered: here they are
    files, and the ledger holds their numbers. -#}
{% macro batch_column() %}{{ return('_file_id') }}{% endmacro %}


{% macro newest_batch() %}
  {{ return('select max(file_id) from ingest_files') }}
{% endmacro %}


{#- Rows that were completed after they had landed. -#}
{% macro changes_of_source(source) %}
  {{ return(
      "select max(amended_at) from ingest_files where source_name = '"
      ~ source.source_name ~ "' and table_name = '" ~ source.name ~ "'"
  ) }}
{% endmacro %}


{#- Of the ledger's own tables nothing is new to models that look up there, by row,
    what is known of a file; others may find anything new. -#}
{% macro newest_batch_of(source) %}
  {%- if source.source_name == 'ingest' -%}
    {{ return('select -1' if config.get('meta', {}).ledger == 'by_row' else none) }}
  {%- endif -%}
  {{ return(
      "select max(file_id) from ingest_files where source_name = '"
      ~ source.source_name ~ "' and table_name = '" ~ source.name ~ "'"
  ) }}
{% endmacro %}


{#- Of the ledger's own tables, only the number of files is known. -#}
{% macro rows_of_source(source) %}
  {%- if source.source_name == 'ingest' -%}
    {{ return(
        'select count(*) from ingest_files' if source.name == 'ingest_files' else none
    ) }}
  {%- endif -%}
  {{ return(
      "select sum(landed_count) from ingest_files where source_name = '"
      ~ source.source_name ~ "' and table_name = '" ~ source.name ~ "'"
  ) }}
{% endmacro %}
