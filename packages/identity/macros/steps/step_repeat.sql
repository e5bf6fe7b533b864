{#-
    Steps of a model with `materialized: steps` that are repeated until a query
    finds nothing; an estimate may also end, as good as it is, after 30 rounds.
-#}
{% macro step_repeat(until, is_estimate=false) -%}
    {{ return(
        '\n-- repeat\n' ~ caller() ~ '\n-- until\n'
        ~ identity.step(('-- estimate\n' if is_estimate else '') ~ until)
    ) }}
{%- endmacro %}
