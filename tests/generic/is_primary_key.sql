{#- Fails for rows that have no value in one of `columns`, and for values that
    occur in more than one row: unique and not null, in one pass. -#}
{% test is_primary_key(model, columns) %}
{%- if columns is string or columns is not sequence or not columns -%}
  {%- do exceptions.raise_compiler_error(
      'is_primary_key: columns must be a list of one or more, got: ' ~ columns
  ) -%}
{%- endif %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 or {{ columns | join(' is null or ') }} is null

{% endtest %}
