{#- A whole number in any of the common notations, or NULL: 12.0 is 12. At most 15
    digits, so that sums of many stay whole numbers. -#}
{% macro parse_integer(x, decimal_mark='.') -%}
    {{ return(adapter.dispatch('parse_integer', 'cleaning')(
        x, decimal_mark
    )) }}
{%- endmacro %}


{% macro sqlite__parse_integer(x, decimal_mark) -%}
{%- set is_usual = x ~ " not glob '*[^0-9]*' and length(" ~ x
    ~ ') between 1 and 15' -%}
{{ cleaning.sqlite_shortcut(
    x, is_usual, 'cast(' ~ x ~ ' as bigint)',
    'parse_integer', cleaning.default__parse_integer, [decimal_mark], ['.']
) }}
{%- endmacro %}


{% macro spark_strict__parse_integer(x, decimal_mark) -%}
{{ cleaning.session_function(
    'parse_integer', [x], cleaning.default__parse_integer, [decimal_mark], ['.']
) }}
{%- endmacro %}


{% macro default__parse_integer(x, decimal_mark) -%}
(
    with
    plain as (
        select {{ cleaning.plain_number(x, decimal_mark) }} as _v {{ cleaning.computed_once() }}
    ),
    whole as (
        select
            case
                when _v like '%.%' then rtrim(rtrim(_v, '0'), '.')
                else _v
            end as _v
        from plain
        {{ cleaning.computed_once() }}
    )
    select cast(_v as bigint)
    from whole
    where _v not like '%.%' and length(ltrim(_v, '-0')) <= 15
)
{%- endmacro %}
