{#- The metric: what became of what, as a share of 0 to 1; NULL of nothing. `scale` is
    100.0 for percent. -#}
{% macro conversion(converted, entered, scale='1.0') -%}
{{ cleaning.as_double(scale) }} * {{ converted }} / nullif({{ entered }}, 0)
{%- endmacro %}
