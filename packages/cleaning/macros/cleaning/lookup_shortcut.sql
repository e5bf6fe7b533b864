{#-
    As join_shortcut(), for a reading that looks into tables, which no function of a
    session may. `general` sees NULL for the usual values.
-#}
{% macro lookup_shortcut(
    x, is_usual, value, name, general, arguments=[], usual=none, beside=[]
) -%}
    {{ return(adapter.dispatch('lookup_shortcut', 'cleaning')(
        x, is_usual, value, name, general, arguments, usual, beside
    )) }}
{%- endmacro %}


{% macro default__lookup_shortcut(
    x, is_usual, value, name, general, arguments, usual, beside
) -%}
{%- if modules.re.fullmatch('[a-z_][a-z0-9_.]*', x) -%}
{%- set is_usual = cleaning.join_shortcut__of(is_usual, [x] + beside) -%}
case
    when {{ is_usual }} then {{ cleaning.join_shortcut__of(value, [x] + beside) }}
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


{% macro postgres__lookup_shortcut(
    x, is_usual, value, name, general, arguments, usual, beside
) -%}
{{ cleaning.postgres__join_shortcut(
    x, is_usual, value, name, general, arguments, usual, beside
) }}
{%- endmacro %}
