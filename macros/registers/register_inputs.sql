{#- How many source columns a mapping can join. -#}
{% macro register_inputs() -%}
  {{ return(8) }}
{%- endmacro %}
