{#- Whether a condition holds in any row of a window; NULL of none. -#}
{% macro any_true(x, window) -%}
  {{ return(adapter.dispatch('any_true', 'cleaning')(x, window)) }}
{%- endmacro %}


{% macro default__any_true(x, window) -%}
max({{ x }})
            over {{ window }}
{%- endmacro %}


{#- PostgreSQL knows no largest of true and false. -#}
{% macro postgres__any_true(x, window) -%}
bool_or({{ x }}) over {{ window }}
{%- endmacro %}
