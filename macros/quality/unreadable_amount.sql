{#- The condition that an amount was delivered and could not be read, though it is not
    one of two ways to read it: that is a finding of its own. -#}
{% macro unreadable_amount(column, typed_column) -%}
  {{ return(
      'case when ' ~ typed_column ~ ' is null then given_' ~ column
      ~ ' is not null and given_' ~ column
      ~ " not like '%(thousands or decimals?)' else false end"
  ) }}
{%- endmacro %}
