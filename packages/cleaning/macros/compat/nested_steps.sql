{#-
    A scalar subquery of steps, each of which reads the one before it: pairs of a name and
    a select that ends a line with `from <name of the one before>`. PostgreSQL copies each
    WITH query into the next, and all that is in it, so planning a long chain takes three
    times as long as planning the same selects one within the other.
-#}
{% macro nested_steps(steps) -%}
{%- set chain = namespace(sql=steps[0][1], name=steps[0][0]) -%}
{%- for name, step in steps[1:] -%}
    {%- set chain.sql = (step ~ '\n').replace(
        'from ' ~ chain.name ~ '\n',
        'from (\n' ~ chain.sql ~ '\n) as ' ~ chain.name ~ '\n'
    ) -%}
    {%- set chain.name = name -%}
{%- endfor -%}
(
{{ chain.sql }}
)
{%- endmacro %}
