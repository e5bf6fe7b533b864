{#- Runs of blanks as one; the control character takes their place for a moment. -#}
{% macro one_blank_for_many(x) -%}
{%- set mark = '\u0001' -%}
replace(replace(replace(
    {{ x }},
    ' ', ' {{ mark }}'), '{{ mark }} ', ''), '{{ mark }}', '')
{%- endmacro %}
