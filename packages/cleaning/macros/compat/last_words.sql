{#- The last words of a text, or NULL if it has no more than these. -#}
{% macro last_words(x, count) -%}
{%- set ns = namespace(before=x) -%}
{%- for _ in range(count) -%}
  {%- set ns.before = cleaning.before_last_word(ns.before) -%}
{%- endfor -%}
case
    when {{ ns.before }} <> ''
        then trim(substr({{ x }}, length({{ ns.before }}) + 1), ' ')
end
{%- endmacro %}
