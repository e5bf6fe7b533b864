{#- The bytes that a text in base64 stands for, as hexadecimal digits; for engines that
    can read base64. -#}
{% macro base64_digits(x) -%}
  {{ return(adapter.dispatch('base64_digits', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__base64_digits(x) -%}
lower(hex(from_base64({{ x }})))
{%- endmacro %}


{% macro postgres__base64_digits(x) -%}
encode(decode({{ x }}, 'base64'), 'hex')
{%- endmacro %}
