{#-
    Replaces each string of a list, one after another, by the one at the same
    place of the other list (or by one string). SQLite's parser has room for 100
    pending tokens, so long lists go through steps of three calls.
-#}
{% macro replace_each(x, olds, news) -%}
{%- set size = 3 -%}
{%- if olds | length <= size -%}
{{ 'replace(' * olds | length }}{{ x }}
{%- for old in olds -%}
{%- set new = news if news is string else news[loop.index0] -%}
, '{{ old | replace("'", "''") }}', '{{ new | replace("'", "''") }}')
{%- endfor -%}
{%- else -%}
(
    with
    step_0 as (select {{ x }} as v)
    {%- for batch in olds | batch(size) %}
    {%- set offset = loop.index0 * size %}
    , step_{{ loop.index }} as (select {{ 'replace(' * batch | length }}v
    {%- for old in batch -%}
    {%- set new = news if news is string else news[offset + loop.index0] -%}
    , '{{ old | replace("'", "''") }}', '{{ new | replace("'", "''") }}')
    {%- endfor %} as v from step_{{ loop.index0 }} limit 1)
    {%- endfor %}
    select v from step_{{ olds | batch(size) | list | length }}
)
{%- endif -%}
{%- endmacro %}
