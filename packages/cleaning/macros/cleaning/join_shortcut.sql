{#-
    The usual form of a value before the general one, where `x` is a column: a
    cheap check instead of a subquery for every row. Engines that turn the
    subquery into a join run it for all rows, so there `general`, the name of a
    macro's form, sees NULL for the usual ones. A larger expression than a column
    would be computed once for each part, and takes the general way. `beside` lists
    further expressions that `general` gets behind `x`; `name`, `arguments` and `usual`
    are those of session_function().
-#}
{% macro join_shortcut(
    x, is_usual, value, name, general, arguments=[], usual=none, beside=[]
) -%}
    {{ return(adapter.dispatch('join_shortcut', 'cleaning')(
        x, is_usual, value, name, general, arguments, usual, beside
    )) }}
{%- endmacro %}


{% macro default__join_shortcut(
    x, is_usual, value, name, general, arguments, usual, beside
) -%}
{%- if modules.re.fullmatch('[a-z_][a-z0-9_.]*', x) -%}
case
    when {{ is_usual }} then {{ value }}
    else {{ cleaning.session_function(
        name,
        ['case when not coalesce(' ~ is_usual ~ ', false) then ' ~ x ~ ' end'] + beside,
        general, arguments, usual
    ) }}
end
{%- else -%}
{{ cleaning.session_function(name, [x] + beside, general, arguments, usual) }}
{%- endif -%}
{%- endmacro %}


{#- A function of Spark runs for each row that comes to it, and large expressions make
    its optimizer slow. -#}
{% macro spark_strict__join_shortcut(
    x, is_usual, value, name, general, arguments, usual, beside
) -%}
{{ cleaning.session_function(name, [x] + beside, general, arguments, usual) }}
{%- endmacro %}


{#- PostgreSQL works out a branch for the rows that come to it. -#}
{% macro postgres__join_shortcut(
    x, is_usual, value, name, general, arguments, usual, beside
) -%}
{%- if modules.re.fullmatch('[a-z_][a-z0-9_.]*', x) -%}
case
    when {{ x }} is null then null
    when {{ is_usual }} then {{ value }}
    else {{ general(x, *(beside + arguments)) }}
end
{%- else -%}
{{ general(x, *(beside + arguments)) }}
{%- endif -%}
{%- endmacro %}
