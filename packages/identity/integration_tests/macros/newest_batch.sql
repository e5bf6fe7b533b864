{#- What the adapter needs to know: the number of the newest delivery. -#}
{% macro newest_batch() %}
  {{ return('select max(touched_file_id) from labelled_records') }}
{% endmacro %}
