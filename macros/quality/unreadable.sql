{#- The condition that a value was delivered and could not be read. -#}
{% macro unreadable(column, typed_column) -%}
  {{ return(
      typed_column ~ ' is null and given_' ~ column ~ ' is not null'
  ) }}
{%- endmacro %}
