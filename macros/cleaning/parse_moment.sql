{#-
    The shared part of parse_date (no time zone) and parse_timestamp: checks
    the arguments and leaves the work to the engine's form.
-#}
{% macro parse_moment(macro_name, x, time_zone, date_order) -%}
    {%- if date_order not in ['mdy', 'dmy'] -%}
        {{ exceptions.raise_compiler_error(
            macro_name ~ ": date_order must be 'mdy' or 'dmy', received '"
            ~ date_order ~ "'"
        ) }}
    {%- endif -%}
    {%- if time_zone is none -%}
        {%- set offset_minutes = none -%}
    {%- elif time_zone == 'UTC' -%}
        {%- set offset_minutes = 0 -%}
    {%- elif modules.re.match(
        '[+-](0[0-9]|1[0-4]):[0-5][0-9]$', time_zone | string
    ) -%}
        {%- set minutes = time_zone[1:3] | int * 60 + time_zone[4:] | int -%}
        {%- set offset_minutes = -minutes if time_zone[0] == '-' else minutes -%}
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            macro_name ~ ": time_zone must be 'UTC' or an offset such as '+02:00',"
            ~ " received '" ~ time_zone ~ "'"
        ) }}
    {%- endif -%}
    {{ return(
        adapter.dispatch('parse_moment', 'revenue_warehouse')(
            x, offset_minutes, date_order
        )
    ) }}
{%- endmacro %}


{#-
    ISO forms, which most values have, leave at once: datetime() hands back
    what it was given if, and only if, that is ISO, and with a modifier it
    checks the day of the month. Others are taken apart step by step; each step
    has a limit, so that SQLite computes it once.
-#}
{% macro sqlite__parse_moment(x, offset_minutes, date_order) -%}
{%- set digit = '[0-9]' -%}
{%- set digits = '0123456789' -%}
{%- set letters = 'abcdefghijklmnopqrstuvwxyz' -%}
(
    with
    given as not materialized (select trim({{ x }}) as v),
    plain as (
        select
            trim(replace(replace(replace(replace(lower(v),
            '{{ '\u00a0' }}', ' '), '{{ '\u202f' }}', ' '), '  ', ' '),
            ' at ', ' ')) as v
        from given
        where length(v) between 6 and 70
    ),
    {#- Forms without marks get them, a weekday in front is dropped. #}
    marked as (
        select
            case
                when v not glob '*[^0-9]*' then
                    case length(v)
                        when 8 then
                            substr(v, 1, 4) || '-' || substr(v, 5, 2) || '-'
                            || substr(v, 7)
                        when 10 then
                            datetime(cast(v as integer), 'unixepoch') || 'z'
                        when 13 then
                            datetime(
                                cast(substr(v, 1, 10) as integer), 'unixepoch'
                            ) || '.' || substr(v, 11) || 'z'
                        when 14 then
                            substr(v, 1, 4) || '-' || substr(v, 5, 2) || '-'
                            || substr(v, 7, 2) || ' ' || substr(v, 9, 2) || ':'
                            || substr(v, 11, 2) || ':' || substr(v, 13)
                    end
                when v glob '{{ digit * 8 }}t{{ digit * 6 }}*' then
                    substr(v, 1, 4) || '-' || substr(v, 5, 2) || '-'
                    || substr(v, 7, 2) || ' ' || substr(v, 10, 2) || ':'
                    || substr(v, 12, 2) || ':' || substr(v, 14)
                when
                    v glob '[a-z]*'
                    and substr(
                        v, 1, length(v) - length(ltrim(v, '{{ letters }}'))
                    ) in (
                        'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun',
                        'monday', 'tuesday', 'wednesday', 'thursday', 'friday',
                        'saturday', 'sunday', 'tues', 'thur', 'thurs'
                    )
                    then ltrim(ltrim(v, '{{ letters }}'), '., ')
                else v
            end as v
        from plain
        limit 1
    ),
    {#- A time starts with the digits before the first colon. #}
    halved as (
        select
            v,
            case
                when instr(v, ':') > 0 then length(
                    rtrim(substr(v, 1, instr(v, ':') - 1), '{{ digits }}')
                )
            end as day_length
        from marked
        limit 1
    ),
    halves as (
        select
            case
                when day_length is null then v
                when substr(v, day_length - 1, 2) glob '{{ digit }}t'
                    then substr(v, 1, day_length - 1)
                when substr(v, day_length, 1) in (' ', ',')
                    then rtrim(substr(v, 1, day_length), ' ,')
            end as day,
            case
                when day_length is null then '00:00:00'
                when instr(v, ':') = day_length + 2
                    then '0' || replace(substr(v, day_length + 1), ',', '.')
                when instr(v, ':') = day_length + 3
                    then replace(substr(v, day_length + 1), ',', '.')
            end as clock
        from halved
        limit 1
    ),
    {#- Behind the clock: am or pm, then the zone, then a remark. #}
    pieces as (
        select
            case
                when day glob '*[a-z]*'
                    then {{ sqlite__named_month_as_number('day') }}
                else day
            end as day,
            substr(
                clock, 1,
                length(clock) - length(ltrim(clock, '{{ digits }}:.'))
            ) as clock,
            case
                when ltrim(clock, '{{ digits }}:. ') glob '[ap]m*'
                    then substr(ltrim(clock, '{{ digits }}:. '), 1, 1)
                when ltrim(clock, '{{ digits }}:. ') glob '[ap].m.*'
                    then substr(ltrim(clock, '{{ digits }}:. '), 1, 1)
                else ''
            end as half_day,
            ltrim(clock, '{{ digits }}:. ') as tail
        from halves
        limit 1
    ),
    clocked as (
        select
            day,
            case
                when
                    half_day = ''
                    or substr(clock, 1, 2) between '01' and '12'
                    then
                        case
                            when half_day = 'p' and clock < '12'
                                then substr(clock, 1, 2) + 12
                            when half_day = 'a' and clock >= '12' then '00'
                            else substr(clock, 1, 2)
                        end
                        || substr(clock || ':00', 3, 6)
            end as clock,
            case
                when length(clock) in (5, 8) then ''
                when
                    substr(clock, 9) glob '.{{ digit }}*'
                    and substr(clock, 10) not glob '*[^0-9]*'
                    and length(clock) <= 18
                    then substr(clock, 10)
            end as fraction,
            trim(
                case
                    when half_day = '' then tail
                    when tail glob '?m*' then substr(tail, 3)
                    else substr(tail, 5)
                end
            ) as zone
        from pieces
        limit 1
    ),
    {#- The numbers of the day and the marks between them. #}
    cut as (
        select
            day,
            clock,
            fraction,
            replace(replace(
                case
                    when zone like '% (%)'
                        then substr(zone, 1, instr(zone, ' (') - 1)
                    else zone
                end, 'gmt', ''
            ), 'utc', '') as zone,
            ltrim(day, '{{ digits }}') as from_mark_1,
            ltrim(substr(ltrim(day, '{{ digits }}'), 2), '{{ digits }}')
                as from_mark_2
        from clocked
        limit 1
    ),
    numbered as (
        select
            clock,
            fraction,
            zone,
            substr(day, 1, length(day) - length(from_mark_1)) as a,
            substr(
                from_mark_1, 2, length(from_mark_1) - length(from_mark_2) - 1
            ) as b,
            substr(from_mark_2, 2) as c,
            substr(from_mark_1, 1, 1) as mark
        from cut
        where
            substr(from_mark_1, 1, 1) = substr(from_mark_2, 1, 1)
            and substr(from_mark_1, 1, 1) in ('-', '/', '.')
        limit 1
    ),
    {#- Only one reading of 25/04 is possible; of 04/05 the order decides.
        24-05-06 may be any of three, so its order must be the declared one. #}
    ordered as (
        select
            clock,
            fraction,
            zone,
            case
                when length(a) = 4 and length(b) <= 2 and length(c) <= 2
                    then
                        a || '-' || substr('0' || b, -2) || '-'
                        || substr('0' || c, -2)
                when
                    length(a) not in (1, 2)
                    or length(b) not in (1, 2)
                    or length(c) not in (2, 4)
                    then null
                when
                    mark <> '.'
                    {%- if date_order == 'mdy' %}
                    and (
                        substr('0' || a, -2) <= '12'
                        or (mark = '-' and length(c) = 2)
                    )
                    {%- else %}
                    and substr('0' || b, -2) > '12'
                    and (mark = '/' or length(c) = 4)
                    {%- endif %}
                    then
                        {{ sqlite__four_digit_year('c') }} || '-'
                        || substr('0' || a, -2) || '-' || substr('0' || b, -2)
                else
                    {{ sqlite__four_digit_year('c') }} || '-'
                    || substr('0' || b, -2) || '-' || substr('0' || a, -2)
            end || ' ' || clock as moment
        from numbered
        limit 1
    )
    {%- if offset_minutes is none %}
    select v from given where date(v, '+0 days') = v and v >= '1000'
    {%- else %}
    select
        substr(v, 1, 10) || 'T' || substr(v, 12, 8)
        || case when length(v) < 26 then '.000000' else substr(v, 20, 7) end
        || 'Z'
    from given
    where
        datetime(substr(v, 1, 19), '+0 days')
        = replace(substr(v, 1, 19), 'T', ' ')
        and v >= '1000'
        and (
            {%- if offset_minutes == 0 %}
            substr(v, 20) = ''
            or substr(v, 20) glob '.{{ digit * 6 }}' or
            {%- endif %}
            substr(v, 20) = 'Z'
            or substr(v, 20) glob '.{{ digit * 6 }}Z'
        )
    {%- endif %}
    union all
    select
        {%- if offset_minutes is none %}
        substr(moment, 1, 10)
        {%- else %}
        strftime(
            '%Y-%m-%dT%H:%M:%S',
            moment,
            case
                when zone = '' then '{{ -offset_minutes }} minutes'
                when zone = 'z' then '+0 minutes'
                else
                    case substr(zone, 1, 1) when '-' then '+' else '-' end
                    || (
                        substr(zone, 2, 2) * 60
                        + substr(replace(zone, ':', ''), 4)
                    ) || ' minutes'
            end
        ) || '.' || substr(fraction || '000000', 1, 6) || 'Z'
        {%- endif %}
    from ordered
    where
        datetime(moment, '+0 days') = moment
        and moment >= '1000'
        and fraction is not null
        and (
            zone in ('', 'z')
            or (
                (
                    zone glob '[+-]{{ digit * 2 }}'
                    or zone glob '[+-]{{ digit * 2 }}[0-5]{{ digit }}'
                    or zone glob '[+-]{{ digit * 2 }}:[0-5]{{ digit }}'
                )
                and substr(zone, 2, 2) <= '14'
            )
        )
)
{%- endmacro %}


{#- Two digits mean 1970 to 2069. -#}
{% macro sqlite__four_digit_year(y) -%}
case
    when length({{ y }}) = 4 then {{ y }}
    when {{ y }} >= '70' then '19' || {{ y }}
    else '20' || {{ y }}
end
{%- endmacro %}
