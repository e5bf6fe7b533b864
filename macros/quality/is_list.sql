{#- The condition that a value is a list where one value belongs: [1, 2, 3]. -#}
{% macro is_list(expression) -%}
  {{ return(expression ~ " like '[%]'") }}
{%- endmacro %}
