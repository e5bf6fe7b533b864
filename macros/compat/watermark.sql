{#- The newest `_file_id` a model holds, as a scalar subquery for the filter
    `_file_id > watermark`. The text is the same in every run, so that a model's
    compiled SQL changes only with its meaning. A unit test gives all its rows. -#}
{% macro watermark() -%}
  {%- if model.resource_type == 'unit_test' -%}
    (-1)
  {%- else -%}
    (select watermark from _build_state where relation = '{{ this.identifier }}')
  {%- endif -%}
{%- endmacro %}
