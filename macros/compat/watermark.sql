{#- The newest `_file_id` a model holds, as a scalar subquery for the filter
    `_file_id > watermark`. The text is the same in every run, so that a model's
    compiled SQL changes only with its meaning. A unit test gives all its rows. -#}
{% macro watermark() %}
  {{ return(adapter.dispatch('watermark', 'revenue_warehouse')()) }}
{% endmacro %}


{% macro default__watermark() %}
  {%- if is_incremental() -%}
    (select coalesce(max(_file_id), -1) from {{ this }})
  {%- else -%}
    (-1)
  {%- endif -%}
{% endmacro %}


{% macro sqlite__watermark() -%}
  {%- if model.resource_type == 'unit_test' -%}
    (-1)
  {%- else -%}
    (select watermark from _build_state where relation = '{{ this.identifier }}')
  {%- endif -%}
{%- endmacro %}
