{#-
    Steps of a model with `materialized: steps`: those of the full build of another
    model, and a temporary table of what it finds.
-#}
{% macro step_kept(name, script, indexes=[]) -%}
{%- set steps = identity.steps__parts(script).full.rsplit('\n-- step\n', 1) -%}
{%- if steps | length > 1 -%}
{{ identity.step(steps[0]) }}
{%- endif -%}
{% call identity.step_table(name, indexes) %}
{{ steps | last }}
{% endcall %}
{%- endmacro %}
