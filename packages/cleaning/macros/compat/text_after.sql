{#- The text after the first `mark`; empty where there is none. -#}
{% macro text_after(x, mark) -%}
  {{ return(adapter.dispatch('text_after', 'cleaning')(x, mark)) }}
{%- endmacro %}


{% macro default__text_after(x, mark) -%}
substr({{ x }}, length(split_part({{ x }}, '{{ mark }}', 1)) + 2)
{%- endmacro %}


{% macro sqlite__text_after(x, mark) -%}
substr({{ x }}, instr({{ x }} || '{{ mark }}', '{{ mark }}') + 1)
{%- endmacro %}
