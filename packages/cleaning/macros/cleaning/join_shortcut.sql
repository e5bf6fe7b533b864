{#-
    The usual form of a value before the general one, where `x` is a column: a
    cheap check instead of a subquery for every row. Engines that turn the
    subquery into a join run it for all rows, so there `general`, the name of a
    macro's form, sees NULL for the usual ones. A larger expression than a column
    would be computed once for each part, and takes the general way.
-#}
{% macro join_shortcut(x, is_usual, value, general, arguments=[]) -%}
    {{ return(adapter.dispatch('join_shortcut', 'cleaning')(
        x, is_usual, value, general, arguments
    )) }}
{%- endmacro %}


{% macro default__join_shortcut(x, is_usual, value, general, arguments) -%}
{%- if modules.re.fullmatch('[a-z_][a-z0-9_.]*', x) -%}
case
    when {{ is_usual }} then {{ value }}
    else {{ general(
        'case when not coalesce(' ~ is_usual ~ ', false) then ' ~ x ~ ' end',
        *arguments
    ) }}
end
{%- else -%}
{{ general(x, *arguments) }}
{%- endif -%}
{%- endmacro %}


{#- PostgreSQL works out a branch for the rows that come to it. -#}
{% macro postgres__join_shortcut(x, is_usual, value, general, arguments) -%}
{%- if modules.re.fullmatch('[a-z_][a-z0-9_.]*', x) -%}
case
    when {{ x }} is null then null
    when {{ is_usual }} then {{ value }}
    else {{ general(x, *arguments) }}
end
{%- else -%}
{{ general(x, *arguments) }}
{%- endif -%}
{%- endmacro %}
