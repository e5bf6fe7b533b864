{#- Fails for values below `minimum` or above `maximum`; NULL passes. -#}
{% test in_range(model, column_name, minimum=none, maximum=none) %}
{%- if minimum is none and maximum is none -%}
  {%- do exceptions.raise_compiler_error(
      'in_range: minimum or maximum must be given'
  ) -%}
{%- elif minimum is number and maximum is number and minimum > maximum -%}
  {%- do exceptions.raise_compiler_error(
      'in_range: minimum must not be above maximum, got: ' ~ minimum
      ~ ' and ' ~ maximum
  ) -%}
{%- endif %}

select {{ column_name }}
from {{ model }}
where
    {%- if minimum is not none %} {{ column_name }} < {{ minimum }}{% endif %}
    {%- if minimum is not none and maximum is not none %} or{% endif %}
    {%- if maximum is not none %} {{ column_name }} > {{ maximum }}{% endif %}

{% endtest %}
