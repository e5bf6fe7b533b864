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


{#- The arguments of a repetition, by its text, and what comes behind it. -#}
{% macro step_repeat__parts(script) -%}
    {%- set rounds, rest = script.split('\n-- until\n', 1) -%}
    {%- set until, rest = rest.split('\n-- step\n', 1) -%}
    {{ return({
        'rounds': rounds,
        'until': until,
        'is_estimate': until.startswith('-- estimate'),
        'rest': rest,
    }) }}
{%- endmacro %}
