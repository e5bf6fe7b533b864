{#- Whether a pattern is found anywhere in a text. -#}
{% macro is_matched(x, pattern) -%}
  {{ return(adapter.dispatch('is_matched', 'cleaning')(x, pattern)) }}
{%- endmacro %}


{% macro default__is_matched(x, pattern) -%}
regexp_matches({{ x }}, {{ pattern }})
{%- endmacro %}


{% macro postgres__is_matched(x, pattern) -%}
({{ x }} ~ {{ pattern }})
{%- endmacro %}
