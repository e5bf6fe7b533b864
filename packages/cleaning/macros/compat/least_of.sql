{#- The smallest of several values, none of them NULL. -#}
{% macro least_of(expressions) -%}
  {{ return(adapter.dispatch('least_of', 'cleaning')(expressions)) }}
{%- endmacro %}


{% macro sqlite__least_of(expressions) -%}
min({{ expressions | join(', ') }})
{%- endmacro %}


{% macro default__least_of(expressions) -%}
least({{ expressions | join(', ') }})
{%- endmacro %}
