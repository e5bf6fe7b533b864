{#- What the adapter asks: the number of the newest delivery. -#}
{% macro newest_batch() %}
  {{ return('select max(touched_file_id) from labelled_records') }}
{% endmacro %}
