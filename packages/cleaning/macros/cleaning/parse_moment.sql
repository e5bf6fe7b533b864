{#-
    The shared part of parse_date (no time zone) and parse_timestamp: checks
    the arguments and leaves the work to the engine's form.
-#}
{% macro parse_moment(macro_name, x, time_zone, date_order) -%}
    {{ return(adapter.dispatch('parse_moment', 'cleaning')(
        x, cleaning.parse_moment__offset(macro_name, time_zone, date_order),
        date_order
    )) }}
{%- endmacro %}


{#- The minutes east of UTC of a time zone, or none for a date. -#}
{% macro parse_moment__offset(macro_name, time_zone, date_order) -%}
    {%- if date_order not in ['mdy', 'dmy'] -%}
        {{ exceptions.raise_compiler_error(
            macro_name ~ ": date_order must be 'mdy' or 'dmy', received '"
            ~ date_order ~ "'"
        ) }}
    {%- endif -%}
    {%- if time_zone is none -%}
        {{ return(none) }}
    {%- elif time_zone == 'UTC' -%}
        {{ return(0) }}
    {%- elif modules.re.match(
        '[+-](0[0-9]|1[0-4]):[0-5][0-9]$', time_zone | string
    ) -%}
        {%- set minutes = time_zone[1:3] | int * 60 + time_zone[4:] | int -%}
        {{ return(-minutes if time_zone[0] == '-' else minutes) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            macro_name ~ ": time_zone must be 'UTC' or an offset such as"
            ~ " '+02:00', received '" ~ time_zone ~ "'"
        ) }}
    {%- endif -%}
{%- endmacro %}


{#-
    Usual forms leave at once: ISO, and a date such as 12/25/2024 unless the end
    of the month needs a second look. SQLite's functions hand back what they were
    given if, and only if, that is ISO, and with a modifier they check the day of
    the month. Others are taken apart step by step; each step has a limit, so
    that SQLite computes it once. In the end SQLite reads what was put together,
    and so checks it.
-#}
{% macro sqlite__parse_moment(x, offset_minutes, date_order) -%}
{%- set usual = cleaning.sqlite__usual_moment(x, offset_minutes, date_order) -%}
{%- set name = 'parse_date' if offset_minutes is none else 'parse_timestamp' -%}
{%- set arguments = [offset_minutes, date_order] -%}
{%- set plain = [none if name == 'parse_date' else 0, 'mdy'] -%}
{{ cleaning.sqlite_shortcut(
    x, usual.condition, usual.value, name, cleaning.sqlite__moment, arguments, plain
) if usual else cleaning.session_function(
    name, [x], cleaning.sqlite__moment, arguments, plain
) }}
{%- endmacro %}


{% macro sqlite__usual_moment(x, offset_minutes, date_order) -%}
{%- set d = '[0-9]' -%}
{%- if offset_minutes is none -%}
    {%- set slashed = cleaning.sqlite__slashed_date(x, date_order) -%}
    {{ return({
        'condition': x ~ " = date(" ~ x ~ ", '+0 days') and " ~ x ~ " >= '1000' or "
            ~ slashed.condition,
        'value': 'case when ' ~ x ~ " like '__/%' then " ~ slashed.value ~ ' else '
            ~ x ~ ' end',
    }) }}
{%- elif offset_minutes == 0 -%}
    {%- set iso = '[1-9]' ~ d * 3 ~ '-' ~ d * 2 ~ '-' ~ d * 2 ~ 'T' ~ d * 2 ~ ':'
        ~ d * 2 ~ ':' ~ d * 2 ~ '.' ~ d * 6 -%}
    {%- set second = 'substr(' ~ x ~ ', 1, 19)' -%}
    {{ return({
        'condition': x ~ " glob '" ~ iso ~ "' and " ~ second
            ~ " = strftime('%Y-%m-%dT%H:%M:%S', " ~ second ~ ", '+0 days')",
        'value': x ~ " || 'Z'",
    }) }}
{%- endif -%}
    {{ return(none) }}
{%- endmacro %}


{#- The condition for 12/25/2024 before the 29th of a month, and its value. -#}
{% macro sqlite__slashed_date(x, date_order) -%}
{%- set month_at, day_at = (1, 4) if date_order == 'mdy' else (4, 1) -%}
{%- set digit = '[0-9]' -%}
{%- set condition -%}
{{ x }} glob '{{ digit * 2 }}/{{ digit * 2 }}/[1-9]{{ digit * 3 }}'
        and substr({{ x }}, {{ month_at }}, 2) between '01' and '12'
        and substr({{ x }}, {{ day_at }}, 2) between '01' and '28'
{%- endset -%}
{%- set value -%}
substr({{ x }}, 7) || '-' || substr({{ x }}, {{ month_at }}, 2) || '-'
        || substr({{ x }}, {{ day_at }}, 2)
{%- endset -%}
{{ return({'condition': condition, 'value': value}) }}
{%- endmacro %}


{% macro sqlite__moment(x, offset_minutes, date_order) -%}
{%- set digit = '[0-9]' -%}
{%- set digits = '0123456789' -%}
{%- set mark = '[-/.]' -%}
(
    with
    given as not materialized (
        select trim({{ x }}, ' {{ '\u00a0\u202f' }}') as v
    ),
    {{ cleaning.sqlite__moment_in_numbers() }},
    {#- A date in numbers, and all that follows it. #}
    numbered as (
        select {{ cleaning.sqlite__with_minutes('v') }} as v
        from (
            select
                case
                    when v like '% at %'
                        then
                            substr(v, 1, instr(lower(v), ' at '))
                            || substr(v, instr(lower(v), ' at ') + 4)
                    else v
                end as v
            from given
            limit 1
        )
        where
            v glob '{{ digit * 2 }}{{ mark }}{{ digit }}*'
            or v glob '{{ digit }}{{ mark }}{{ digit }}*'
            or v glob '{{ digit * 4 }}{{ mark }}{{ digit }}*'
        union all
        select v from rewritten
        limit 1
    ),
    begun as (
        select
            v,
            case
                when v glob '??{{ mark }}*' then 3
                when v glob '?{{ mark }}*' then 2
                else 5
            end as mark_at
        from numbered
        limit 1
    ),
    {#- b takes two characters, of which the second may be the mark. #}
    cut as (
        select
            substr(v, 1, mark_at - 1) as a,
            substr(v, mark_at, 1) as mark,
            rtrim(substr(v, mark_at + 1, 2), '-/.') as b,
            substr(
                v, mark_at + 1
                + length(rtrim(substr(v, mark_at + 1, 2), '-/.'))
            ) as rest
        from begun
        limit 1
    ),
    measured as (
        select
            a,
            mark,
            b,
            rest,
            case
                when mark not in ('-', '/', '.') then null
                when substr(rest, 1, 1) <> mark then null
                when rest glob '?{{ digit * 4 }}*' then 4
                when rest glob '?{{ digit * 2 }}*' then 2
                when rest glob '?{{ digit }}*' then 1
            end as c_length
        from cut
        limit 1
    ),
    parts as (
        select
            substr('0' || a, -2) as a,
            case when length(a) = 4 then a end as a_year,
            mark,
            substr('0' || b, -2) as b,
            substr(rest, 2, c_length) as c,
            case
                when length(rest) = c_length + 1 then '00:00'
                when
                    substr(rest, c_length + 2, 1)
                    in (' ', 'T', 't', ',', '{{ '\u00a0' }}', '{{ '\u202f' }}')
                    then nullif(ltrim(
                        substr(rest, c_length + 3), ' {{ '\u00a0\u202f' }}'
                    ), '')
            end as clock
        from measured
        limit 1
    ),
    {#- Only one reading of 25/04 is possible; of 04/05 the order decides.
        24-05-06 may be any of three, so its order must be the declared one.
        Two digits of a year mean 1970 to 2069. #}
    dated as (
        select
            case
                when a_year is not null and length(c) = 4 then null
                when a_year is not null
                    then a_year || '-' || b || '-' || substr('0' || c, -2)
                else
                    case
                        when length(c) = 4 then c
                        when length(c) = 1 then null
                        when c >= '70' then '19' || c
                        else '20' || c
                    end
                    || '-'
                    || case
                        when
                            mark <> '.'
                            {%- if date_order == 'mdy' %}
                            and (
                                a <= '12' or (mark = '-' and length(c) = 2)
                            )
                            {%- else %}
                            and b > '12'
                            and (mark = '/' or length(c) = 4)
                            {%- endif %}
                            then a || '-' || b
                        else b || '-' || a
                    end
            end as day,
            case when clock glob '?:*' then '0' || clock else clock end
                as clock,
            ltrim(clock, '{{ digits }}:') as tail
        from parts
        limit 1
    ),
    {#- Behind the seconds: a fraction, am or pm, a zone, in this order. #}
    tailed as (
        select
            day,
            substr(clock, 1, length(clock) - length(tail)) as clock,
            case
                when tail glob '[.,]{{ digit }}*'
                    then substr(
                        tail, 2,
                        length(tail) - 1
                        - length(ltrim(substr(tail, 2), '{{ digits }}'))
                    )
                else ''
            end as fraction,
            case
                when tail = '' then ''
                when tail glob '[.,]{{ digit }}*'
                    then lower(trim(
                        ltrim(substr(tail, 2), '{{ digits }}'),
                        ' {{ '\u00a0\u202f' }}'
                    ))
                else lower(trim(tail, ' {{ '\u00a0\u202f' }}'))
            end as tail
        from dated
        limit 1
    ),
    halved as (
        select
            day,
            case
                when tail not glob '[ap]m*' and tail not glob '[ap].m.*'
                    then clock
                when substr(clock, 1, 2) not between '01' and '12' then null
                when tail like 'a%' and clock >= '12'
                    then '00' || substr(clock, 3)
                when tail like 'p%' and clock < '12'
                    then (substr(clock, 1, 2) + 12) || substr(clock, 3)
                else clock
            end as clock,
            fraction,
            case
                when tail glob '[ap]m*' then trim(substr(tail, 3), ' {{ '\u00a0\u202f' }}')
                when tail glob '[ap].m.*' then trim(substr(tail, 5), ' {{ '\u00a0\u202f' }}')
                else tail
            end as tail
        from tailed
        limit 1
    ),
    {#- The name of a zone in brackets is behind what it is, or it is UTC. #}
    unnamed as (
        select
            day,
            clock,
            fraction,
            case
                when tail in ('(utc)', '(gmt)', '(z)') then 'utc'
                when tail glob '?*[(]*[)]'
                    then trim(substr(tail, 1, instr(tail, '(') - 1), ' {{ '\u00a0\u202f' }}')
                else tail
            end as tail
        from halved
        limit 1
    ),
    zoned as (
        select
            day,
            clock,
            fraction,
            case
                when tail glob 'gmt[+-]*' or tail glob 'utc[+-]*'
                    then substr(tail, 4)
                else tail
            end as zone
        from unnamed
        limit 1
    ),
    read as (
        select
            day,
            fraction,
            {%- set zoned -%}
case
                    when zone = ''
                        then '{{ cleaning.offset_as_text(
                            offset_minutes or 0
                        ) }}'
                    when zone in ('z', 'utc', 'gmt') then ''
                    when zone glob '[+-]{{ digit * 2 }}:{{ digit * 2 }}'
                        then zone
                    when zone glob '[+-]{{ digit * 4 }}'
                        then substr(zone, 1, 3) || ':' || substr(zone, 4)
                    when zone glob '[+-]{{ digit * 2 }}' then zone || ':00'
                end
            {%- endset %}
            strftime(
                '%Y-%m-%dT%H:%M:%S', day || ' ' || clock
                {#- A date is the one written, whatever its zone. #}
                {%- if offset_minutes is none %}
                || case
                    when julianday('2000-01-01 00:00' || {{ zoned }}) > 0
                        then ''
                end
                {%- else %}
                || {{ zoned }}
                {%- endif %}
            ) as moment
        from zoned
        where
            date(day, '+0 days') = day
            and day >= '1000'
            and clock between '00:' and '23:~'
            and length(fraction) <= 9
        limit 1
    )
    {%- if offset_minutes is none %}
    select substr(v, 1, 10)
    from given
    where
        date(v, '+0 days') = substr(v, 1, 10)
        and v >= '1000'
        and (length(v) = 10 or v glob '??????????[T ]??:??*')
    union all
    {%- elif offset_minutes == 0 %}
    select v || 'Z'
    from given
    where
        strftime('%Y-%m-%dT%H:%M:%S', v, '+0 days') = substr(v, 1, 19)
        and v >= '1000'
        and length(v) = 26
        and substr(v, 26) <> 'Z'
    union all
    select v || 'T00:00:00.000000Z'
    from given
    where date(v, '+0 days') = v and v >= '1000'
    union all
    {%- endif %}
    {%- if not offset_minutes %}
    {%- set slashed = cleaning.sqlite__slashed_date('v', date_order) %}
    select {{ slashed.value }}
        {{- " || 'T00:00:00.000000Z'" if offset_minutes is not none }}
    from given
    where
        {{ slashed.condition }}
    union all
    {%- endif %}
    {%- if offset_minutes is none %}
    select day from read where moment is not null
    {%- else %}
    select moment || '.' || substr(fraction || '000000', 1, 6) || 'Z'
    from read
    where moment >= '1000'
    {%- endif %}
)
{%- endmacro %}


{#- Minutes east of UTC in SQLite's notation: +02:00, nothing for UTC. -#}
{% macro offset_as_text(minutes) -%}
{%- if minutes -%}
{{ '%s%02d:%02d' | format(
    '-' if minutes < 0 else '+', minutes | abs // 60, minutes | abs % 60
) }}
{%- endif -%}
{%- endmacro %}
