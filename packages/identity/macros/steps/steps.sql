{#-
    The text of a model with `materialized: steps`:
      full   the statements of a full build, the last a select
      delta  those of an increment, if the model can take one
      due    a query: there is an increment if it finds a row; the delta of such a
             model may be left out where it finds none, and does not define the model
      watch  a query: the model is built anew when it finds other rows
-#}
{% macro steps(full, delta=none, due=none, watch=none) -%}
    {{ return(
        (watch ~ '\n-- watched\n' if watch else '') ~ full
        ~ ('\n-- delta\n' if delta or due else '')
        ~ (due ~ '\n-- when\n' if due else '')
        ~ (delta or ('-- not due' if due else ''))
    ) }}
{%- endmacro %}


{#- The arguments that a text was made of. -#}
{% macro steps__parts(script) -%}
    {%- set watched = script.split('\n-- watched\n', 1) -%}
    {%- set built = (watched | last).split('\n-- delta\n', 1) -%}
    {%- set delta = built[1:] | join -%}
    {%- set when = delta.split('\n-- when\n', 1) -%}
    {{ return({
        'full': built[0],
        'delta': when | last,
        'due': when[:-1] | join,
        'watch': watched[:-1] | join,
    }) }}
{%- endmacro %}
