{#- The text before the first `mark`; all of it where there is none. -#}
{% macro text_before(x, mark) -%}
  {{ return(adapter.dispatch('text_before', 'cleaning')(x, mark)) }}
{%- endmacro %}


{% macro default__text_before(x, mark) -%}
split_part({{ x }}, '{{ mark }}', 1)
{%- endmacro %}


{% macro sqlite__text_before(x, mark) -%}
substr({{ x }}, 1, instr({{ x }} || '{{ mark }}', '{{ mark }}') - 1)
{%- endmacro %}
