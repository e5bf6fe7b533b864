{#- A part of a contact in one field: `first`, `last` or `title`.

    The last of several lines is the title. One name: its first word and a middle
    initial, then the rest; with one comma the last name stands before it, as in
    `Ruiz, Ana Maria` and `Smith, Ann & Bob`. Several people, divided by &, AND, /
    or commas, have their first names together and their last names
    together: TANIA & NICOLE PINEDA & POBLETE is TANIA & NICOLE, PINEDA & POBLETE,
    and so is TANIA PINEDA & NICOLE POBLETE. -#}
{% macro person_part(x, part) -%}
{%- if part not in ['first', 'last', 'title'] -%}
  {%- do exceptions.raise_compiler_error(
      'person_part: part must be first, last or title, got: ' ~ part
  ) -%}
{%- endif -%}
{%- set line_feed = "'" ~ '\n' ~ "'" -%}
{%- set ends = ([' '] + cleaning.white_space('controls') + cleaning.white_space('wide')
    + cleaning.white_space('zero_width')) | join -%}
{%- set no_line_feed = "replace(_v, " ~ line_feed ~ ", '')" -%}
(
    with
    given as (
        select
            trim({{ cleaning.clean_multiline(x) }}, '{{ ends }}') as _v
        {{ cleaning.computed_once() }}
    ),
    {%- if part == 'title' %}
    final as (
        select
            case
                when _v like '%' || {{ line_feed }} || '%'
                    then trim(substr(
                        _v, length(rtrim(_v, {{ no_line_feed }})) + 1
                    ), ' ')
            end as _v
        from given
        {{ cleaning.computed_once() }}
    )
    select nullif(_v, '') from final
    {%- else %}
    named as (
        select
            trim(substr(
                _v, 1, {{ cleaning.position_of(
                    '_v || ' ~ line_feed, line_feed) }} - 1
            ), ' ') as _v
        from given
        {{ cleaning.computed_once() }}
    ),
    suffixed as (
        select
            {{ cleaning.replace_each(
                '_v',
                [', Jr', ', JR', ', Sr', ', SR', ', II', ', III', ', PhD'],
                [' Jr', ' JR', ' Sr', ' SR', ' II', ' III', ' PhD']
            ) }} as _v
        from named
        {{ cleaning.computed_once() }}
    ),
    turned as (
        select
            _v,
            case
                when
                    length(replace(_v, ',', '')) = length(_v) - 1
                    and (
                        _v not like '%&%'
                        and lower(_v) not like '% and %'
                        and _v not like '%/%'
                        or substr(_v, 1, {{ cleaning.position_of(
                            '_v', "','"
                        ) }} - 1)
                        not like '% %'
                    )
                    then
                        nullif(trim(substr(
                            _v, 1, {{ cleaning.position_of('_v', "','") }} - 1
                        ), ' '), '')
            end as _last
        from suffixed
        {{ cleaning.computed_once() }}
    ),
    divided as (
        select
            _last,
            trim({{ cleaning.replace_each(
                "case when _last is null then _v"
                " else trim(substr(_v, " ~ cleaning.position_of('_v', "','") ~ " + 1), ' ')"
                " end",
                [
                    ' AND ', ' and ', ' And ', ',', '/', '&', '  ', '  ',
                    '& &', '  ',
                ],
                [
                    ' & ', ' & ', ' & ', ' & ', ' & ', ' & ', ' ', ' ', '&',
                    ' ',
                ],
            ) }}, ' &') as _v
        from turned
        {{ cleaning.computed_once() }}
    ),
    parts as (
        select
            _v,
            _last,
            length(_v) - length(replace(_v, '&', '')) + 1 as _count,
            {%- for number in range(1, 5) %}
            trim({{ list_item('_v', '&', number) }}, ' ') as _part_{{ number }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        from divided
        {{ cleaning.computed_once() }}
    ),
    -- each part: its first name, and what follows
    firsts as (
        select
            *,
            {%- for number in range(1, 5) %}
            {%- set p = '_part_' ~ number %}
            case
                when
                    substr({{ p }}, {{ cleaning.position_of(
                        p ~ " || ' '", "' '"
                    ) }} + 2, 1)
                    = ' '
                    then substr(
                        {{ p }}, 1,
                        {{ cleaning.position_of(p ~ " || ' '", "' '") }} + 1
                    )
                when
                    substr({{ p }}, {{ cleaning.position_of(
                        p ~ " || ' '", "' '"
                    ) }} + 2, 2)
                    = '. '
                    then substr(
                        {{ p }}, 1,
                        {{ cleaning.position_of(p ~ " || ' '", "' '") }} + 2
                    )
                else substr(
                    {{ p }}, 1, {{ cleaning.position_of(
                        p ~ " || ' '", "' '"
                    ) }} - 1
                )
            end as _first_{{ number }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        from parts
        {{ cleaning.computed_once() }}
    ),
    lasts as (
        select
            *,
            {%- for number in range(1, 5) %}
            nullif(trim(substr(
                _part_{{ number }}, length(_first_{{ number }}) + 1
            ), ' '), '') as _last_{{ number }}{{ ',' if not loop.last }}
            {%- endfor %}
        from firsts
        {{ cleaning.computed_once() }}
    )
    {%- if part == 'first' %}
    select
        case
            when _last is not null then nullif(_v, '')
            when _count = 1 then nullif(_first_1, '')
            when _count = 2 or (_count = 3 and _last_2 is not null)
                then _first_1 || ' & ' || _first_2
            when _count = 3 then _part_1 || ' & ' || _part_2 || ' & ' || _first_3
            when _count = 4 then _part_1 || ' & ' || _part_2
        end
    from lasts
    {%- else %}
    select
        case
            when _last is not null then _last
            when _count = 1 then _last_1
            when _count = 2 and _last_1 is not null and _last_2 is not null
                then _last_1 || ' & ' || _last_2
            when _count = 2 then coalesce(_last_2, _last_1)
            when _count = 3 and _last_2 is not null
                then _last_2 || ' & ' || _part_3
            when _count = 3 then _last_3
            when _count = 4 then _part_3 || ' & ' || _part_4
            else _v
        end
    from lasts
    {%- endif %}
    {%- endif %}
)
{%- endmacro %}
