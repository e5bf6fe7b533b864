{#- Fails for combinations of values that stand in more than one row. NULL is
    taken as a value. -#}
{% test unique_combination(model, columns) %}
{%- if columns is string or columns | length < 2 -%}
  {%- do exceptions.raise_compiler_error(
      'unique_combination: columns must be a list of two or more, got: '
      ~ columns
  ) -%}
{%- endif %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
