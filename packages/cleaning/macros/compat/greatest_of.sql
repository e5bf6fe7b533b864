{#- The largest of several values, none of them NULL. -#}
{% macro greatest_of(expressions) -%}
  {{ return(adapter.dispatch('greatest_of', 'cleaning')(expressions)) }}
{%- endmacro %}


{% macro default__greatest_of(expressions) -%}
greatest({{ expressions | join(', ') }})
{%- endmacro %}


{% macro sqlite__greatest_of(expressions) -%}
max({{ expressions | join(', ') }})
{%- endmacro %}
