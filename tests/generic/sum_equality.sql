{#- Fails for rows in which the sum of `left_columns` is not the sum of
    `right_columns`. NULL counts as 0. -#}
{% test sum_equality(model, left_columns, right_columns) %}
{%- set sums = [] -%}
{%- for columns in [left_columns, right_columns] -%}
  {%- if columns is string or not columns -%}
    {%- do exceptions.raise_compiler_error(
        'sum_equality: left_columns and right_columns must be lists of'
        ~ ' columns, got: ' ~ columns
    ) -%}
  {%- endif -%}
  {%- set parts = [] -%}
  {%- for column in columns -%}
    {%- do parts.append('coalesce(' ~ column ~ ', 0)') -%}
  {%- endfor -%}
  {%- do sums.append(parts | join(' + ')) -%}
{%- endfor %}

select *
from {{ model }}
where {{ sums[0] }} <> {{ sums[1] }}

{% endtest %}
