{% macro default__plain_number__whole(x, decimal_mark, signs) -%}
{%- set beside = 'a-z ()+'
    ~ signs | join | list | unique | reject('in', '0123456789') | join ~ '-' -%}
{%- set words = [] -%}
{%- for sign in signs -%}
    {%- do words.append(modules.re.escape(sign)) -%}
{%- endfor -%}
(
    with
    plain as (
        select
            regexp_replace(
                translate(
                    lower(case
                        when length(trim({{ x }}, ' ')) <= 60
                            then trim({{ x }}, ' ')
                    end),
                    '{{ '\u00a0\u202f\u2009' }}’−', '   ''-'
                ),
                '(rs|kr|fr)[.]', '\1'
            ) as _v
        {{ cleaning.computed_once() }}
    ),
    {#- 1200.-, 25,-- and 499:- have no cents. #}
    priced as (
        select
            regexp_replace(
                regexp_replace(
                    _v, '([0-9])([.,])[-–—]{1,2}([^-–—0-9]*)$', '\1\200\3'
                ),
                '([0-9]):[-–—]{1,2}([^-–—0-9]*)$',
                case when _v like '%.%' then '\1,00\2' else '\1.00\2' end
            ) as _v
        from plain
        {{ cleaning.computed_once() }}
    ),
    pieces as (
        select
            {{ cleaning.matched_part('_v', "'^[" ~ beside ~ "]*'", 0) }} as before,
            {{ cleaning.matched_part(
                '_v',
                "'^[" ~ beside ~ "]*([0-9.,][0-9., '']*)'\n                || '"
                ~ '(?:e[+-]?[0-9]+)?[' ~ beside ~ "]*$'"
            ) }} as number,
            cast(coalesce(nullif({{ cleaning.matched_part(
                '_v', "'[0-9.,]e([+-]?[0-9]{1,3})[^0-9]*$'"
            ) }}, ''), '0') as integer) as exponent,
            {{ cleaning.matched_part('_v', "'[" ~ beside ~ "]*$'", 0) }} as behind
        from priced
        where
            length(_v) <= 63
            and _v ~ (
                '^[{{ beside }}]*([.,]?[0-9]|[.,]?[0-9][0-9., '']*[0-9.,])'
                || '[.,]?(e[+-]?[0-9]{1,3})?[{{ beside }}]*$'
            )
        {{ cleaning.computed_once() }}
    ),
    signed as (
        select
            rtrim(number) as number,
            exponent,
            before ~ '^.*[a-z].*$' and number like '.%' as is_unclear,
            replace(before || behind, ' ', '') as beside,
            regexp_replace(before || behind, '[ ()+-]', '', 'g') as word,
            before,
            behind,
            length(number) - length(replace(number, '.', '')) as points,
            length(number) - length(replace(number, ',', '')) as commas
        from pieces
        {{ cleaning.computed_once() }}
    ),
    marked as (
        select
            number,
            exponent,
            case
                when is_unclear or not word ~ '^({{ words | join('|') }})$'
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
            case
                when points > 0 and commas > 0 then case
                    when points = 1 and number ~ '^.*[.][^,]*$' then '.'
                    when commas = 1 and number ~ '^.*,[^.]*$' then ','
                end
                when points > 1 or commas > 1 then ''
                {%- for mark, count in [('.', 'points'), (',', 'commas')] %}
                when {{ count }} = 1
                    then
                        {%- if mark == decimal_mark %}
                        '{{ mark }}'
                        {%- else %}
                        case
                            when number ~ '^[^ '']*[{{ mark }}][0-9]{3}$'
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
            regexp_replace(whole, '[^0-9]', '', 'g') as whole,
            fraction,
            length(regexp_replace(whole, '[^0-9]', '', 'g')) + exponent
                as place
        from halves
        where
            whole || fraction <> ''
            and fraction ~ '^[0-9]*$'
            and abs(exponent) <= 30
            and (
                {#- the last are lakhs and crores #}
                whole ~ (
                    '^([0-9]*|[1-9][0-9]{0,2}((,[0-9]{3})+|([.][0-9]{3})+'
                    || '|( [0-9]{3})+|(''[0-9]{3})+)|[1-9][0-9]?(,[0-9]{2})+,[0-9]{3})$'
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
