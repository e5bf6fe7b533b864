{#- The condition that a number such as 1,234 could have thousands or decimals, in a
    file that shows nowhere which mark it writes: pointed_text read none. -#}
{% macro is_unmarked(name) -%}
(given_{{ name }} is not null and pointed_{{ name }} is null)
{%- endmacro %}
