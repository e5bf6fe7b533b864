{#- A macro of the package by its name, called as a project of others calls it. -#}
{% macro cleaned(macro, arguments, settings) %}
  {{ return(cleaning[macro](*arguments, **settings)) }}
{% endmacro %}
