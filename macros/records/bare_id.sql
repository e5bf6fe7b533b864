{#- An identifier as its system means it, or NULL: without the prefix of its kind,
    without the fraction that a spreadsheet gave it, and none of those that mean
    none. `prefixes` and `null_ids` are JSON arrays, or NULL. -#}
{% macro bare_id(x, prefixes, null_ids) -%}
{{ cleaning.session_function(
    'bare_id', [x, prefixes, null_ids], bare_id__of,
    unless='coalesce(' ~ prefixes ~ ', ' ~ null_ids ~ ') is null and '
        ~ x ~ " not like '%.0'", value=x
) }}
{%- endmacro %}


{% macro bare_id__of(x, prefixes, null_ids) -%}
{%- set quoted = "'\"' || " ~ x ~ " || '\"'" -%}
case
        when {{ cleaning.position_of(null_ids, quoted) }} > 0 then null
        {%- for mark in ["':'", "'_'"] %}
        {%- set at = cleaning.position_of(x, mark) %}
        when {{ at }} > 1 and {{ cleaning.position_of(
            prefixes, "'\"' || substr(" ~ x ~ ", 1, " ~ at ~ ") || '\"'"
        ) }} > 0
            then substr({{ x }}, {{ at }} + 1)
        {%- endfor %}
        when
            {{ x }} like '%_.0'
            and trim(substr({{ x }}, 1, length({{ x }}) - 2), '0123456789') = ''
            then substr({{ x }}, 1, length({{ x }}) - 2)
        else {{ x }}
    end
{%- endmacro %}
