{#- Whether a condition holds in any of several rows, an aggregate; NULL of none. -#}
{% macro any_true(x) -%}
  {{ return(adapter.dispatch('any_true', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__any_true(x) -%}
max({{ x }})
{%- endmacro %}


{#- PostgreSQL knows no largest of true and false. -#}
{% macro postgres__any_true(x) -%}
bool_or({{ x }})
{%- endmacro %}
