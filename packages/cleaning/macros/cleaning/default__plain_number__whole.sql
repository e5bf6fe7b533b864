{#- As SQLite's form, with one pattern, which all `signs` and marks share. -#}
{% macro default__plain_number__whole(x, decimal_mark, signs) -%}
{%- set digits = '0123456789' -%}
{%- set letters = 'abcdefghijklmnopqrstuvwxyz' -%}
{%- set beside = letters ~ ' ()+-'
    ~ signs | join | list | unique | reject('in', digits ~ letters) | join -%}
(
    with
    plain as (
        select
            replace(replace(replace(
                translate(
                    lower(case
                        when length(trim({{ x }}, ' ')) <= 60
                            then trim({{ x }}, ' ')
                    end),
                    '{{ '\u00a0\u202f\u2009' }}’−', '   ''-'
                ),
                'rs.', 'rs'), 'kr.', 'kr'), 'fr.', 'fr'
            ) as _v
        {{ cleaning.computed_once() }}
    ),
    {#- 1200.-, 25,-- and 499:- have no cents. #}
    tailed as (
        select
            _v,
            case
                when
                    translate(_v, '.:–—', ',,--') like '%,-%'
                    then substr(_v, length(rtrim(_v, '{{ beside }}.,:–—')) + 1)
                else ''
            end as tail
        from plain
        {{ cleaning.computed_once() }}
    ),
    priced as (
        select
            case
                when
                    substr(tail, 1, 1) in ('.', ',', ':')
                    and substr(tail, 2, 1) in ('-', '–', '—')
                    and length(ltrim(substr(tail, 2), '-–—'))
                    >= length(tail) - 3
                    and translate(ltrim(substr(tail, 2), '-–—'), '-–—', '')
                    = ltrim(substr(tail, 2), '-–—')
                    and length(tail) < length(_v)
                    then
                        substr(_v, 1, length(_v) - length(tail))
                        || case
                            when tail not like ':%' then substr(tail, 1, 1)
                            when _v like '%.%' then ','
                            else '.'
                        end
                        || '00' || ltrim(substr(tail, 2), '-–—')
                else _v
            end as _v
        from tailed
        {{ cleaning.computed_once() }}
    ),
    {#- What stands before and behind the number: signs and currencies. #}
    pieces as (
        select
            substr(_v, 1, length(_v) - length(ltrim(_v, '{{ beside }}')))
                as before,
            rtrim(ltrim(_v, '{{ beside }}'), '{{ beside }}') as number,
            substr(_v, 1 + length(rtrim(_v, '{{ beside }}'))) as behind
        from priced
        {{ cleaning.computed_once() }}
    ),
    worded as (
        select
            before,
            behind,
            split_part(number, 'e', 1) as number,
            case
                when number not like '%e%' then '0'
                else {{ cleaning.text_after('number', 'e') }}
            end as power,
            replace(before || behind, ' ', '') as beside,
            translate(before || behind, ' ()+-', '') as word
        from pieces
        {{ cleaning.computed_once() }}
    ),
    signed as (
        select
            number,
            case
                when
                    length(power) between 1 and 9
                    and ltrim(
                        case
                            when power like '-_%' or power like '+_%'
                                then substr(power, 2)
                            else power
                        end, '{{ digits }}'
                    ) = ''
                    then cast(power as integer)
            end as exponent,
            case
                when word not in ('{{ signs | join("', '") }}') then null
                when
                    number like '.%'
                    and translate(before, '{{ letters }}', '') <> before
                    then null
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
        {{ cleaning.computed_once() }}
    ),
    marked as (
        select
            number,
            exponent,
            sign,
            case
                when points > 0 and commas > 0 then case
                    when points = 1 and number not like '%.%,%' then '.'
                    when commas = 1 and number not like '%,%.%' then ','
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
                                number like '%{{ mark }}___'
                                and number not like '% %'
                                and number not like '%''%'
                                then ''
                            else '{{ mark }}'
                        end
                        {%- endif %}
                {%- endfor %}
                else ''
            end as mark
        from signed
        {{ cleaning.computed_once() }}
    ),
    halves as (
        select
            sign,
            exponent,
            case
                when mark = '' then number
                else split_part(number, mark, 1)
            end as whole,
            case
                when mark = '' then ''
                else split_part(number, mark, 2)
            end as fraction
        from marked
        where sign is not null and mark is not null
        {{ cleaning.computed_once() }}
    ),
    joined as (
        select
            sign,
            translate(whole, ',. ''', '') as whole,
            fraction,
            length(translate(whole, ',. ''', '')) + exponent as place
        from halves
        where
            whole || fraction <> ''
            and ltrim(fraction, '{{ digits }}') = ''
            and abs(exponent) <= 30
            and (
                {#- the last are lakhs and crores #}
                ltrim(whole, '{{ digits }}') = ''
                or whole ~ (
                    '^([1-9][0-9]{0,2}((,[0-9]{3}){1,4}|([.][0-9]{3}){1,4}'
                    || '|( [0-9]{3}){1,4}|(''[0-9]{3}){1,4})'
                    || '|[1-9][0-9]?(,[0-9]{2}){1,5},[0-9]{3})$'
                )
            )
        {{ cleaning.computed_once() }}
    ),
    {#- The exponent moves the point along the digits. #}
    moved as (
        select
            sign,
            ltrim(
                substr(
                    whole || fraction || repeat('0', 40), 1, greatest(place, 0)
                ), '0'
            ) as whole,
            repeat('0', greatest(-place, 0))
            || substr(whole || fraction, greatest(place, 0) + 1) as fraction
        from joined
        {{ cleaning.computed_once() }}
    )
    select
        sign
        || case when whole = '' then '0' else whole end
        || case when fraction = '' then '' else '.' || fraction end
    from moved
)
{%- endmacro %}
