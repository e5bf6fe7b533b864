{#- Upper case in every script, letter by letter: ß, which has no capital in
    use, is ẞ on every engine. -#}
{% macro upper_text(x) -%}
    {{ return(adapter.dispatch('upper_text', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__upper_text(x) -%}
upper({{ x }})
{%- endmacro %}


{% macro sqlite__upper_text(x) -%}
{{ cleaning.sqlite__cased_text(x, 'upper') }}
{%- endmacro %}


{#- What the system knows of letters is all but that. -#}
{% macro postgres__upper_text(x) -%}
translate(upper({{ x }}), 'ß', 'ẞ')
{%- endmacro %}
