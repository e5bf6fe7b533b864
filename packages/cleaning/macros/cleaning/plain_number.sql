{#-
    A number in any of the common notations as plain text such as -1234.56:
    no thousands marks, no exponent, a point before the fraction; or NULL.
    What parse_cents, parse_number and parse_integer start from. `signs` are
    the words that may stand beside the number.

    If both marks appear, the last is the decimal mark; a mark that appears
    twice is a thousands mark; a single one before exactly three digits is
    taken as `decimal_mark` says. Commas may part lakhs and crores.
-#}
{% macro plain_number(x, decimal_mark='.', signs=['']) -%}
    {%- if decimal_mark not in ['.', ','] -%}
        {{ exceptions.raise_compiler_error(
            "plain_number: decimal_mark must be '.' or ',', received '"
            ~ decimal_mark ~ "'"
        ) }}
    {%- endif -%}
    {{ return(
        adapter.dispatch('plain_number', 'cleaning')(
            x, decimal_mark, signs
        )
    ) }}
{%- endmacro %}


{#- Plain digits with or without a point, the usual case, leave at once. -#}
{% macro sqlite__plain_number(x, decimal_mark, signs) -%}
{{ cleaning.sqlite_shortcut(
    x, cleaning.sqlite__plain_number__usual(x, decimal_mark), x,
    'plain_number', cleaning.sqlite__plain_number__of_any, [decimal_mark, signs],
    ['.', ['', '%']]
) }}
{%- endmacro %}


{% macro default__plain_number(x, decimal_mark, signs) -%}
{{ cleaning.join_shortcut(
    x,
    "_1 ~ '^(0|[1-9][0-9]{0,14})" ~ ('([.][0-9]{1,9})?' if decimal_mark == '.')
    ~ "$'",
    '_1', 'plain_number', cleaning.default__plain_number__whole,
    [decimal_mark, signs], ['.', ['', '%']]
) }}
{%- endmacro %}


{% macro sqlite__plain_number__usual(x, decimal_mark) -%}
{{ x }} glob '[0-9]*' and {{ x }} not glob '*[^0-9.]*' and length({{ x }}) <= 60
        {%- if decimal_mark == '.' %} and {{ x }} not like '%.%.%' and {{ x }} not like '%.'
        {%- else %} and {{ x }} not like '%.%'
        {%- endif %}
{%- endmacro %}


{% macro sqlite__plain_number__of_any(x, decimal_mark, signs) -%}
{%- set digits = '0123456789' -%}
{%- set digits_3 = '[0-9]' * 3 -%}
{%- set beside = 'abcdefghijklmnopqrstuvwxyz ()+-'
    ~ signs | join | list | unique | reject('in', digits) | join -%}
{%- set zeros = '0' * 40 -%}
(
    with
    given as not materialized (select trim({{ x }}) as v),
    plain as (
        select {{ cleaning.replace_each(
            'lower(v)',
            [
                '\u00a0', '\u202f', '\u2009', '’', '−', 'Ł', 'Č', 'Л', 'В',
                'İ', '\u212a', 'rs.', 'kr.', 'fr.'
            ],
            [
                ' ', ' ', ' ', "'", '-', 'ł', 'č', 'л', 'в', 'i', 'k', 'rs',
                'kr', 'fr'
            ]
        ) }} as v
        from given
        where length(v) between 1 and 60
        limit 1
    ),
    {#- 1200.-, 25,-- and 499:- have no cents. #}
    priced as (
        select
            case
                when v like '%-' or v glob '*[0-9][.,:][-–—]*'
                    then substr(v, length(rtrim(v, '{{ beside }}.,:–—')) + 1)
                else ''
            end as tail,
            v
        from plain
        limit 1
    ),
    whole_price as (
        select
            case
                when
                    tail glob '[.,:][-–—]*'
                    and tail not glob '?[-–—][-–—][-–—]*'
                    and ltrim(substr(tail, 2), '-–—') not glob '*[-–—]*'
                    and length(tail) < length(v)
                    then
                        substr(v, 1, length(v) - length(tail))
                        || case
                            when tail not like ':%' then substr(tail, 1, 1)
                            when v like '%.%' then ','
                            else '.'
                        end
                        || '00' || ltrim(substr(tail, 2), '-–—')
                else v
            end as v
        from priced
        limit 1
    ),
    {#- What stands before and behind the number: signs and currencies. #}
    pieces as (
        select
            substr(v, 1, length(v) - length(ltrim(v, '{{ beside }}')))
                as before,
            rtrim(ltrim(v, '{{ beside }}'), '{{ beside }}') as number,
            substr(v, 1 + length(rtrim(v, '{{ beside }}'))) as behind
        from whole_price
        limit 1
    ),
    worded as (
        select
            before,
            behind,
            case
                when number like '%e%'
                    then substr(number, 1, instr(number, 'e') - 1)
                else number
            end as number,
            case
                when number not like '%e%' then 0
                when
                    (number glob '*e[0-9]*' or number glob '*e[-+][0-9]*')
                    and ltrim(substr(number, instr(number, 'e') + 1), '+-')
                    not glob '*[^0-9]*'
                    then substr(number, instr(number, 'e') + 1) + 0
            end as exponent,
            replace(before || behind, ' ', '') as beside,
            {{ cleaning.replace_each(
                'before || behind', [' ', '(', ')', '+', '-'], ''
            ) }} as word
        from pieces
        limit 1
    ),
    signed as (
        select
            number,
            exponent,
            case
                when word not in (
                    {%- for sign in signs -%}
                    '{{ sign }}'{{ ', ' if not loop.last }}
                    {%- endfor -%}
                ) then null
                when number glob '.*' and before glob '*[a-z]*' then null
                when beside = word then ''
                when length(beside) = length(word) + 1
                    then case
                        when beside like '%-%' then '-'
                        when before like '%+%' then ''
                    end
                when
                    length(beside) = length(word) + 2
                    and before like '%(%' and behind like '%)%'
                    then '-'
            end as sign,
            length(number) - length(replace(number, '.', '')) as points,
            length(number) - length(replace(number, ',', '')) as commas
        from worded
        limit 1
    ),
    marked as (
        select
            number,
            exponent,
            sign,
            case
                when points > 0 and commas > 0 then case
                    when
                        points = 1
                        and instr(substr(number, instr(number, '.')), ',') = 0
                        then '.'
                    when
                        commas = 1
                        and instr(substr(number, instr(number, ',')), '.') = 0
                        then ','
                end
                when points > 1 or commas > 1 then ''
                {%- for mark, count in [('.', 'points'), (',', 'commas')] %}
                when {{ count }} = 1
                    then
                        {%- if mark == decimal_mark %}
                        '{{ mark }}'
                        {%- else %}
                        case
                            when
                                number glob '*{{ mark }}{{ digits_3 }}'
                                and number not glob '*[ '']*'
                                then ''
                            else '{{ mark }}'
                        end
                        {%- endif %}
                {%- endfor %}
                else ''
            end as mark
        from signed
        limit 1
    ),
    halves as (
        select
            sign,
            exponent,
            case
                when mark = '' then number
                else substr(number, 1, instr(number, mark) - 1)
            end as whole,
            case
                when mark = '' then ''
                else substr(number, instr(number, mark) + 1)
            end as fraction
        from marked
        where sign is not null and mark is not null
        limit 1
    ),
    grouped as (
        select
            sign,
            exponent,
            whole,
            fraction,
            substr(ltrim(whole, '{{ digits }}'), 1, 1) as separator
        from halves
        limit 1
    ),
    joined as (
        select
            sign,
            replace(whole, separator, '') as whole,
            fraction,
            length(replace(whole, separator, '')) + exponent as place
        from grouped
        where
            replace(whole, separator, '') || fraction not glob '*[^0-9]*'
            and whole || fraction <> ''
            and abs(exponent) <= 30
            and (
                separator = ''
                or (
                    separator in (',', '.', ' ', '''')
                    and whole not glob '0*'
                    and length(whole) % 4 > 0
                    and length(whole) - length(replace(whole, separator, ''))
                    = (length(whole) - 1) / 4
                    and substr(whole, -4, 1) = separator
                    and (length(whole) < 9 or substr(whole, -8, 1) = separator)
                    and (
                        length(whole) < 13 or substr(whole, -12, 1) = separator
                    )
                    and (
                        length(whole) < 17 or substr(whole, -16, 1) = separator
                    )
                    and length(whole) < 21
                )
                {#- lakhs and crores -#}
                or (
                    separator = ','
                    and whole not glob '0*'
                    and length(whole) % 3 <> 1
                    and whole glob '*,[0-9][0-9],{{ digits_3 }}'
                    and length(whole) - length(replace(whole, ',', ''))
                    = (length(whole) - 2) / 3
                    and (length(whole) < 11 or substr(whole, -10, 1) = ',')
                    and (length(whole) < 14 or substr(whole, -13, 1) = ',')
                    and (length(whole) < 17 or substr(whole, -16, 1) = ',')
                    and (length(whole) < 20 or substr(whole, -19, 1) = ',')
                    and length(whole) < 22
                )
            )
        limit 1
    ),
    {#- The exponent moves the point along the digits. #}
    moved as (
        select
            sign,
            substr(whole || fraction || '{{ zeros }}', 1, max(place, 0))
                as whole,
            substr('{{ zeros }}', 1, max(-place, 0))
            || substr(whole || fraction, max(place, 0) + 1) as fraction
        from joined
        limit 1
    )
    select v
    from given
    where {{ cleaning.sqlite__plain_number__usual('v', decimal_mark) }}
    union all
    select
        sign
        || case when ltrim(whole, '0') = '' then '0' else ltrim(whole, '0') end
        || case when fraction = '' then '' else '.' || fraction end
    from moved
)
{%- endmacro %}
