{#- Lower case in every script, letter by letter: the same on every engine. -#}
{% macro lower_text(x) -%}
    {{ return(adapter.dispatch('lower_text', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__lower_text(x) -%}
lower({{ x }})
{%- endmacro %}


{% macro sqlite__lower_text(x) -%}
{{ cleaning.sqlite__cased_text(x, 'lower') }}
{%- endmacro %}
