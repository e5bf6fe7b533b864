{#-
    An amount of money in any of the common notations in the minor unit of a
    currency with that many decimals, or NULL. Rounded half away from zero, in text
    and integers: no float ever sees it. At most 16 digits, so that sums of many
    stay whole numbers.
-#}
{% macro parse_minor(x, decimals, decimal_mark='.') -%}
    {{ return(
        adapter.dispatch('parse_minor', 'cleaning')(x, decimals, decimal_mark)
    ) }}
{%- endmacro %}


{% macro default__parse_minor(x, decimals, decimal_mark) -%}
{%- set decimals = decimals if decimals is number
    else 'cast(' ~ decimals ~ ' as integer)' -%}
(
    with
    plain as (
        select {{ cleaning.plain_number(
            x, decimal_mark, cleaning.currency_signs()
        ) }} as _v
        {{ cleaning.computed_once() }}
    ),
    halves as (
        select
            _v,
            ltrim(split_part(_v, '.', 1), '-0') as whole,
            split_part(_v, '.', 2) || '00000' as fraction
        from plain
        {{ cleaning.computed_once() }}
    )
    select
        (
            cast('0' || whole || substr(fraction, 1, {{ decimals }}) as bigint)
            + case
                when substr(fraction, {{ decimals }} + 1, 1) >= '5' then 1
                else 0
            end
        )
        * case when _v like '-%' then -1 else 1 end
    from halves
    where length(whole) + {{ decimals }} <= 16
)
{%- endmacro %}


{#- Digits alone, and digits with two decimals, need no more than a cast. -#}
{% macro sqlite__usual_minor(x, decimals, decimal_mark='.') -%}
{%- set digits = x ~ " not glob '*[^0-9]*' and length(" ~ x
    ~ ') between 1 and 14' -%}
{%- set of_two = '' if decimals == 2 else ' and ' ~ decimals ~ ' = 2' -%}
{%- if decimal_mark != '.' -%}
    {{ return({
        'condition': digits ~ of_two,
        'value': 'cast(' ~ x ~ " || '00' as integer)",
    }) }}
{%- endif -%}
    {{ return({
        'condition': ('(' if of_two else '')
            ~ digits ~ ' or ' ~ x ~ " glob '[0-9]*.[0-9][0-9]' and "
            ~ x ~ " not glob '*[^0-9.]*' and " ~ x ~ " not like '%.%.%' and length("
            ~ x ~ ') <= 17' ~ (')' ~ of_two if of_two else ''),
        'value': 'cast(case when ' ~ x ~ " like '%.%' then replace(" ~ x
            ~ ", '.', '') else " ~ x ~ " || '00' end as integer)",
    }) }}
{%- endmacro %}


{% macro spark_strict__parse_minor(x, decimals, decimal_mark) -%}
{{ cleaning.session_function(
    'parse_minor', [x, decimals], cleaning.default__parse_minor, [decimal_mark], ['.']
) }}
{%- endmacro %}


{% macro sqlite__parse_minor(x, decimals, decimal_mark) -%}
{%- set usual = cleaning.sqlite__usual_minor(x, decimals, decimal_mark) -%}
{%- set of_row = [decimals] if decimals is not number else [] -%}
{{ cleaning.sqlite_shortcut(
    x, usual.condition, usual.value, 'parse_minor' ~ ('_' ~ decimals if not of_row), cleaning.sqlite__minor,
    ([decimals] if not of_row else []) + [decimal_mark],
    ([decimals] if not of_row else []) + ['.'], of_row
) }}
{%- endmacro %}


{#- Digits alone, and digits with two decimals, need no more than a cast. -#}
{% macro sqlite__minor(x, decimals, decimal_mark) -%}
{%- set of_two = '' if decimals == 2 else decimals ~ ' = 2 and ' -%}
(
    with
    given as not materialized (select {{ x }} as v),
    plain as (
        select {{ cleaning.plain_number(
            'v', decimal_mark, cleaning.currency_signs()
        ) }} as v
        from given
        limit 1
    ),
    halves as (
        select
            v,
            ltrim(substr(v, 1, instr(v || '.', '.') - 1), '-0') as whole,
            substr(v, instr(v || '.', '.') + 1) || '00000' as fraction
        from plain
        limit 1
    )
    select cast(v || '00' as integer)
    from given
    where {{ of_two }}v not glob '*[^0-9]*' and length(v) between 1 and 14
    {%- if decimal_mark == '.' %}
    union all
    select cast(replace(v, '.', '') as integer)
    from given
    where
        {{ of_two }}v glob '[0-9]*.[0-9][0-9]'
        and v not glob '*[^0-9.]*'
        and v not like '%.%.%'
        and length(v) <= 17
    {%- endif %}
    union all
    select
        (
            cast('0' || whole || substr(fraction, 1, {{ decimals }}) as integer)
            + (substr(fraction, {{ decimals }} + 1, 1) >= '5')
        )
        * case when v like '-%' then -1 else 1 end
    from halves
    where length(whole) + {{ decimals }} <= 16
)
{%- endmacro %}
