{#-
    The usual form of a value before the general one, where `x` is a column: a
    cheap check instead of a subquery for every row. Engines that turn the
    subquery into a join run it for all rows, so there `general`, the name of a
    macro's form, sees NULL for the usual ones. A larger expression than a column
    would be computed once for each part, and takes the general way. `beside` lists
    further expressions that `general` gets behind `x`; `name`, `arguments` and `usual`
    are those of session_function(). `is_usual` and `value` are written over `_1` for
    `x` and `_2` for the first beside it, as the body of a function is.
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
{{ cleaning.default__lookup_shortcut(
    x, is_usual, value, name, general, arguments, usual, beside
) }}
{%- endmacro %}


{#- A function of Spark runs for each row that comes to it, and large expressions make
    its optimizer slow: the usual form is within the function. -#}
{% macro spark_strict__join_shortcut(
    x, is_usual, value, name, general, arguments, usual, beside
) -%}
{{ cleaning.session_function(
    name, [x] + beside, general, arguments, usual,
    shortcut='case when _1 is null then null when ' ~ is_usual ~ ' then ' ~ value
    ~ ' else '
) }}
{%- endmacro %}


{#- PostgreSQL works out a branch for the rows that come to it. -#}
{% macro postgres__join_shortcut(
    x, is_usual, value, name, general, arguments, usual, beside
) -%}
{%- if modules.re.fullmatch('[a-z_][a-z0-9_.]*', x) -%}
case
    when {{ x }} is null then null
    when {{ cleaning.join_shortcut__of(is_usual, [x] + beside) }}
        then {{ cleaning.join_shortcut__of(value, [x] + beside) }}
    else {{ general(x, *(beside + arguments)) }}
end
{%- else -%}
{{ general(x, *(beside + arguments)) }}
{%- endif -%}
{%- endmacro %}


{#- An expression over `_1`, `_2` and so on, of these values. -#}
{% macro join_shortcut__of(expression, values) -%}
{%- set made = namespace(text=expression) -%}
{%- for value in values -%}
    {%- set place = '(?<![0-9A-Za-z_])_' ~ loop.index ~ '(?![0-9A-Za-z_])' -%}
    {%- set made.text = modules.re.split(place, made.text) | join(value) -%}
{%- endfor -%}
{{ return(made.text) }}
{%- endmacro %}
