{#- The condition that a time lies more than a day after its file was loaded: a
    day, because an undeclared time zone can be that far off. Compares with the
    load, not with now, so that a rebuild finds the same. -#}
{% macro in_future(typed_column) -%}
  {{ return(typed_column ~ ' > ' ~ next_day('_loaded_at')) }}
{%- endmacro %}
