{#- Deliveries that are numbered. A project whose sources say in a column which
    delivery a row came with defines macros of these names of its own; its
    incremental models then filter with watermark(), and are built again in full
    when rows that had come were changed. -#}

{#- The column of that number, in sources and models. -#}
{% macro batch_column() %}{{ return(none) }}{% endmacro %}


{#- A query for the newest number that the sources hold. -#}
{% macro newest_batch() %}{{ return(none) }}{% endmacro %}


{#- A query whose answer changes when rows of a source that had come are changed. -#}
{% macro changes_of_source(source) %}{{ return(none) }}{% endmacro %}


{#- A query for the newest number among the rows that a model takes from a source;
    without it there may always be newer ones. -#}
{% macro newest_batch_of(source) %}{{ return(none) }}{% endmacro %}


{#- A query for the number of rows of a source; without it they count as many. -#}
{% macro rows_of_source(source) %}{{ return(none) }}{% endmacro %}


{#- The newest delivery a model holds, as a scalar subquery for the filter
    `<batch column> > watermark`. The text is the same in every run, so that a
    model's compiled SQL changes only with its meaning. A unit test gives all its
    rows. -#}
{% macro watermark() -%}
  {%- if model.resource_type == 'unit_test' -%}
    (-1)
  {%- else -%}
    coalesce((select watermark from _build_state where relation = '{{ this.identifier }}'), -1)
  {%- endif -%}
{%- endmacro %}
