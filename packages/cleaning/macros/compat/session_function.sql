{#-
    A reading that takes many lines, as a call of an SQL function where the session can
    have such functions; elsewhere, and in views, which outlive the session, in full.
    `general`, the name of a macro's form, gets `values`, SQL expressions, and further
    `arguments`, which are part of the function's name unless they are the `usual` ones.
    Rows for which the condition `unless` holds, or whose first value is NULL, have
    `value` without a call; the reading would give them the same. An empty condition
    leaves the rows with NULL alone. `shortcut` is the beginning of a CASE over `_1` and
    so on, whose ELSE is `general`: a function tries it, a text in full leaves it out.
-#}
{% macro session_function(
    name, values, general, arguments=[], usual=none, unless=none, value='null',
    shortcut=''
) -%}
    {{ return(adapter.dispatch('session_function', 'cleaning')(
        name, values, general, arguments, usual, unless, value, shortcut
    )) }}
{%- endmacro %}


{% macro default__session_function(
    name, values, general, arguments, usual, unless, value, shortcut
) -%}
{{ general(*(values + arguments)) }}
{%- endmacro %}


{% macro sqlite_strict__session_function(
    name, values, general, arguments, usual, unless, value, shortcut
) -%}
{{ cleaning.session_function__call(
    name, values, general, arguments, usual, unless, value, shortcut
) }}
{%- endmacro %}


{% macro spark_strict__session_function(
    name, values, general, arguments, usual, unless, value, shortcut
) -%}
{{ cleaning.session_function__call(
    name, values, general, arguments, usual, unless, value, shortcut
) }}
{%- endmacro %}


{#- DuckDB puts the function's text into the query, where a shortcut saves nothing. -#}
{% macro duckdb_strict__session_function(
    name, values, general, arguments, usual, unless, value, shortcut
) -%}
{{ cleaning.session_function__call(name, values, general, arguments, usual) }}
{%- endmacro %}


{#- A call, or the whole text where the session cannot have the function. -#}
{% macro session_function__call(
    name, values, general, arguments, usual, unless=none, value='null', shortcut=''
) -%}
{%- if not execute or not cleaning.is_session_bound() -%}
{{ general(*(values + arguments)) }}
{%- else -%}
{%- set called = cleaning.session_function__name(name, arguments, usual) -%}
{%- set is_there = adapter.has_sql_function(called) -%}
{%- if is_there is false -%}  {#- none: no session can have it -#}
    {%- set places = [] -%}
    {%- for value in values -%}
        {%- do places.append('_' ~ loop.index) -%}
    {%- endfor -%}
    {%- set is_there = adapter.define_sql_function(
        called, values | length,
        shortcut ~ general(*(places + arguments)) ~ (' end' if shortcut)
    ) -%}
{%- endif -%}
{%- set call = called ~ '(' ~ values | join(', ') ~ ')' -%}
{%- if not is_there -%}
{{ general(*(values + arguments)) }}
{%- elif unless is none -%}
{{ call }}
{%- else -%}
case when {{ values[0] }} is null{{ ' or ' ~ unless if unless }}
            then {{ value }} else {{ call }} end
{%- endif -%}
{%- endif -%}
{%- endmacro %}


{#- The name of a function: what sets its arguments apart is behind it. -#}
{% macro session_function__name(name, arguments, usual=none) -%}
{%- if not arguments or arguments == usual -%}
    {{ return(name) }}
{%- elif modules.re.fullmatch('[0-9a-z_]{1,20}', arguments | join('_')) -%}
    {{ return(name ~ '_' ~ arguments | join('_')) }}
{%- endif -%}
    {{ return(name ~ '_' ~ local_md5(arguments | string)[:4]) }}
{%- endmacro %}


{#- Whether what is compiled runs in this session and nowhere else. -#}
{% macro is_session_bound() -%}
    {{ return(
        model is defined
        and model.resource_type in ('model', 'test', 'unit_test')
        and model.config.materialized not in ('view', 'ephemeral')
        and var('cleaning', {}).get('session_functions', true)
    ) }}
{%- endmacro %}


{#-
    The usual form of a value before the general one, where `x` is a column: a few
    comparisons instead of a subquery or a call for every row. A larger expression would
    be computed once for each of them, and takes the general way. `beside` lists further
    expressions that `general` gets behind `x`.
-#}
{% macro sqlite_shortcut(
    x, is_usual, value, name, general, arguments=[], usual=none, beside=[]
) -%}
{%- set call = cleaning.session_function(name, [x] + beside, general, arguments, usual) -%}
{%- if modules.re.fullmatch('[a-z_][a-z0-9_.]*', x) -%}
case when {{ x }} is null or {{ is_usual }}
            then {{ value }} else {{ call }} end
{%- else -%}
{{ call }}
{%- endif -%}
{%- endmacro %}
