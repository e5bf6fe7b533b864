{#- The last characters of a text. -#}
{% macro text_end(x, count) -%}
  {{ return(adapter.dispatch('text_end', 'cleaning')(x, count)) }}
{%- endmacro %}


{% macro default__text_end(x, count) -%}
substr({{ x }}, -{{ count }})
{%- endmacro %}


{% macro postgres__text_end(x, count) -%}
right({{ x }}, {{ count }})
{%- endmacro %}
