{#- The whole number nearest to a number, halves away from zero, still a number of its
    type. PostgreSQL's round() of a floating-point number takes halves to the even one. -#}
{% macro nearest(x) -%}
  {{ return(adapter.dispatch('nearest', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__nearest(x) -%}
round({{ x }})
{%- endmacro %}


{% macro postgres__nearest(x) -%}
trunc({{ x }} + case when {{ x }} < 0 then -0.5 else 0.5 end)
{%- endmacro %}
