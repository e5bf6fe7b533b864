{#-
    Steps of a model with `materialized: steps` that are repeated until a query
    finds nothing.
-#}
{% macro step_repeat(until) -%}
    {{ return('\n-- repeat\n' ~ caller() ~ '\n-- until\n' ~ step(until)) }}
{%- endmacro %}
