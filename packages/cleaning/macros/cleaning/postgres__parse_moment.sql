{#- PostgreSQL keeps 32 compiled patterns. So beside the usual form, whose pattern checks
    the days of each month but the leap day, there is one, for time zones. The rest is
    taken apart as SQLite does it. -#}
{% macro postgres__parse_moment(x, offset_minutes, date_order) -%}
{%- set date = '[1-9][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])'
    ~ '|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))' -%}
{%- set time = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{6})?' -%}
{%- if offset_minutes == 0 -%}
    {%- set is_iso, value = "_1 ~ '^" ~ date ~ 'T' ~ time ~ "$'",
        "substr(_1 || '.000000', 1, 26) || 'Z'" -%}
{%- elif offset_minutes is none -%}
    {%- set is_iso, value = "_1 ~ '^" ~ date ~ "$'", '_1' -%}
{%- else -%}
    {{ return(cleaning.postgres__moment(x, offset_minutes, date_order)) }}
{%- endif -%}
{{ cleaning.join_shortcut(
    x, is_iso, value, 'parse_moment', cleaning.postgres__moment, [offset_minutes, date_order]
) }}
{%- endmacro %}


{% macro postgres__moment(x, offset_minutes, date_order) -%}
{%- set months = [
    'jan', 'january', 'feb', 'february', 'mar', 'march', 'apr', 'april', 'may',
    'jun', 'june', 'jul', 'july', 'aug', 'august', 'sep', 'sept', 'september',
    'oct', 'october', 'nov', 'november', 'dec', 'december'
] -%}
{%- set letters = 'abcdefghijklmnopqrstuvwxyz' -%}
{%- set digits = '0123456789' -%}
{%- set spaced -%}
select
    translate(lower({{ x }}), '{{ '\u00a0\u202f\u0001' }}', '  ?') as _v
offset 0
{%- endset -%}
{%- set trimmed -%}
select trim(case
    when _v like '%  %' then {{ cleaning.one_blank_for_many('_v') }}
    else _v
end) as _v
from spaced
offset 0
{%- endset -%}
{#- Without a letter there is no word to take out. -#}
{%- set placed -%}
select
    case
        when _v like '% %' and upper(_v) <> _v
            then replace(replace(replace(
                _v, ' at ', ' '), ' of ', ' '), ' the ', ' ')
        else _v
    end as _v
from trimmed
where length(_v) between 6 and 70
offset 0
{%- endset -%}
{%- set named -%}
select
    case
        when
            substr(_v, 1, 1) in ('m', 't', 'w', 'f', 's')
            and split_part(translate(_v, '.,', '  '), ' ', 1) in (
                'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun',
                'monday', 'tuesday', 'wednesday', 'thursday', 'friday',
                'saturday', 'sunday', 'tues', 'thur', 'thurs'
            )
            then ltrim(
                ltrim(_v, '{{ letters }}'), '., '
            )
        else _v
    end as _v
from placed
offset 0
{%- endset -%}
{#- 5 pm, 14h30; 1st, 5th -#}
{%- set timed -%}
select
    case
        when _v like '%:%' then _v
        when
            (_v like '%am' or _v like '%pm')
            and substr(_v, length(rtrim(_v, ' apm')), 1)
            between '0' and '9'
            then
                rtrim(substr(_v, 1, length(_v) - 2), ' ') || ':00'
                || right(_v, 2)
        when
            _v like '%_h__'
            and ltrim(
                substr(_v, length(_v) - 3, 1) || right(_v, 2),
                '{{ digits }}'
            ) = ''
            then substr(_v, 1, length(_v) - 3) || ':' || right(_v, 2)
        else _v
    end as _v
from named
offset 0
{%- endset -%}
{%- set plain -%}
select
    case
        when _v like '%1st%' then replace(_v, '1st', '1')
        when _v like '%2nd%' then replace(_v, '2nd', '2')
        when _v like '%3rd%' then replace(_v, '3rd', '3')
        when
            _v like '%_th%'
            and substr(_v, strpos(_v, 'th') - 1, 1) between '0' and '9'
            then overlay(_v placing '' from strpos(_v, 'th') for 2)
        else _v
    end as _v
from timed
offset 0
{%- endset -%}
{#- Forms without marks get them. -#}
{%- set marked -%}
select
    case
        when ltrim(substr(_v, 1, 8), '{{ digits }}') = '' then case
            when
                length(_v) in (10, 13)
                and ltrim(_v, '{{ digits }}') = ''
                then to_char(
                    timestamp '1970-01-01'
                    + cast(rpad(_v, 13, '0') as bigint)
                    * interval '1 millisecond',
                    'YYYY-MM-DD HH24:MI:SS.MS'
                ) || 'z'
            when length(_v) < 8 then null
            else
                substr(_v, 1, 4) || '-' || substr(_v, 5, 2) || '-'
                || substr(_v, 7, 2) || case
                    when length(_v) = 8 then ''
                    when
                        substr(_v, 9, 1) in (' ', 't')
                        and _v like '_________%:%'
                        then ' ' || substr(_v, 10)
                    when
                        _v not like '________tt%'
                        and length(ltrim(substr(_v, 9), 't')) >= 6
                        and ltrim(
                            substr(ltrim(substr(_v, 9), 't'), 1, 6),
                            '{{ digits }}'
                        ) = ''
                        then
                            ' '
                            || substr(ltrim(substr(_v, 9), 't'), 1, 2)
                            || ':'
                            || substr(ltrim(substr(_v, 9), 't'), 3, 2)
                            || ':' || substr(ltrim(substr(_v, 9), 't'), 5)
                end
        end
        {#- 5. 1. 2024 and 5 1 2024 #}
        when
            (_v like '_. %' or _v like '__. %')
            and ltrim(split_part(_v, '.', 1), '{{ digits }}') = ''
            then replace(_v, '. ', '.')
        when
            (
                _v like '_ _ ____%' or _v like '_ __ ____%'
                or _v like '__ _ ____%' or _v like '__ __ ____%'
            )
            and ltrim(
                split_part(_v, ' ', 1) || split_part(_v, ' ', 2)
                || substr(split_part(_v, ' ', 3), 1, 4), '{{ digits }}'
            ) = ''
            then
                split_part(_v, ' ', 1) || '/' || split_part(_v, ' ', 2)
                || '/' || substr(
                    _v, length(split_part(_v, ' ', 1))
                    + length(split_part(_v, ' ', 2)) + 3
                )
        else _v
    end as _v
from plain
offset 0
{%- endset -%}
{#- A time starts with the digits before the first colon. -#}
{%- set divided -%}
select
    _v,
    case
        when _v like '%:%'
            then length(rtrim(split_part(_v, ':', 1), '{{ digits }}'))
    end as size
from marked
offset 0
{%- endset -%}
{%- set halves -%}
select
    rtrim(case
        when size is null then _v
        when
            substr(
                _v, length(rtrim(substr(_v, 1, size), 't, ')) + 1,
                size - length(rtrim(substr(_v, 1, size), 't, '))
            ) in (' ', 't', ',', ', ', 't ')
            then rtrim(substr(_v, 1, size), 't, ')
    end, case when upper(_v) = _v then '' else ' ,' end) as day,
    case when size is null then '00:00' else substr(_v, size + 1) end
        as clock
from divided
offset 0
{%- endset -%}
{#- A month's name and what is behind it; what is behind the seconds. -#}
{%- set begun -%}
select
    day,
    case
        when
            upper(day) <> day
            and substr(day, 1, 1) not in ('-', '.', '/', ',')
            and right(day, 1) between '0' and '9'
            then ltrim(day, '{{ digits }} -./,')
    end as from_name,
    clock,
    ltrim(clock, '{{ digits }}:') as tail
from halves
where day is not null
offset 0
{%- endset -%}
{%- set parted -%}
select
    day,
    from_name,
    ltrim(from_name, '{{ letters }}') as behind,
    substr(clock, 1, length(clock) - length(tail)) as clock,
    case
        when
            substr(tail, 1, 1) in ('.', ',')
            and substr(tail, 2, 1) between '0' and '9'
            then substr(
                tail, 2, length(tail) - 1
                - length(ltrim(substr(tail, 2), '{{ digits }}'))
            )
        else ''
    end as fraction,
    tail
from begun
offset 0
{%- endset -%}
{%- set pieces -%}
select
    day,
    from_name is not null as is_named,
    substr(ltrim(day, '{{ digits }}'), 1, 1) as mark,
    trim(
        substr(day, 1, length(day) - length(from_name)), ' -./,'
    ) as before,
    substr(from_name, 1, length(from_name) - length(behind)) as name,
    trim(behind, ' -./,') as behind,
    case when clock like '_:%' then '0' || clock else clock end as clock,
    fraction,
    trim(case
        when fraction = '' then tail
        else substr(tail, length(fraction) + 2)
    end) as tail
from parted
offset 0
{%- endset -%}
{%- set cut -%}
select
    case
        when not is_named then split_part(day, mark, 1)
        when before <> '' and length(before) <> 4 then before
        when before <> '' then behind
        when length(behind) > 2
            and ltrim(substr(behind, 1, 3), '{{ digits }}') <> ''
            then substr(
                behind, 1,
                length(behind) - length(ltrim(behind, '{{ digits }}'))
            )
    end as a,
    case
        when not is_named then split_part(day, mark, 2)
        when name in ('{{ months | join("', '") }}')
            then cast((strpos(
                'janfebmaraprmayjunjulaugsepoctnovdec',
                substr(name, 1, 3)
            ) + 2) / 3 as text)
    end as b,
    case
        when not is_named then split_part(day, mark, 3)
        when before = ''
            then ltrim(ltrim(behind, '{{ digits }}'), ' -./,')
        when length(before) = 4 then before
        else behind
    end as c,
    case when is_named then ' ' else mark end as mark,
    day,
    clock,
    fraction,
    case
        when tail like 'am%' or tail like 'a.m.%' then 'a'
        when tail like 'pm%' or tail like 'p.m.%' then 'p'
    end as half,
    trim(case
        when tail like 'am%' or tail like 'pm%' then substr(tail, 3)
        when tail like 'a.m.%' or tail like 'p.m.%' then substr(tail, 5)
        else tail
    end) as zone
from pieces
where
    (is_named or mark in ('-', '/', '.'))
    and (clock like '__:__' or clock like '__:__:__')
    and ltrim(replace(clock, ':', ''), '{{ digits }}') = ''
    and length(clock) - length(replace(clock, ':', ''))
    = (length(clock) - 2) / 3
    and clock < '24'
    and substr(clock, 4, 2) < '60'
    and substr(clock, 7) < '60'
    and length(fraction) <= 9
offset 0
{%- endset -%}
{#- Two digits of a year mean 1970 to 2069. -#}
{%- set dated -%}
select
    lpad(a, 2, '0') as a,
    case when length(a) = 4 then a end as a_year,
    mark,
    lpad(b, 2, '0') as b,
    c,
    case
        when length(c) = 4 then c
        when length(c) <> 2 then null
        when c >= '70' then '19' || c
        else '20' || c
    end as c_year,
    clock,
    fraction,
    half,
    zone,
    case
        when zone <> ''
            then regexp_match(
                zone,
                '^(?:(?:z|utc|gmt|(?:gmt|utc)?([+-])(0[0-9]|1[0-4])'
                || '(?::?([0-5][0-9]))?)(?: ?[(].*[)])?'
                || '|[(](?:utc|gmt|z)[)])$'
            )
    end as _z
from cut
where
    length(a) in (1, 2, 4)
    and length(b) in (1, 2)
    and length(c) between 1 and 4
    and (mark = ' ' or a || mark || b || mark || c = day)
    and ltrim(a || b || c, '{{ digits }}') = ''
    and (half is null or substr(clock, 1, 2) between '01' and '12')
offset 0
{%- endset -%}
{%- set ordered -%}
select
    case
        when a_year is not null and length(c) <= 2
            then a_year || '-' || b || '-' || lpad(c, 2, '0')
        when a_year is not null then null
        when
            mark in ('-', '/')
            {%- if date_order == 'mdy' %}
            and (a <= '12' or (mark = '-' and length(c) = 2))
            {%- else %}
            and b > '12'
            and (mark = '/' or length(c) = 4)
            {%- endif %}
            then c_year || '-' || a || '-' || b
        else c_year || '-' || b || '-' || a
    end as day,
    case
        when half is null then clock
        else lpad(cast(
            cast(substr(clock, 1, 2) as integer) % 12
            + case when half = 'p' then 12 else 0 end as text
        ), 2, '0') || substr(clock, 3)
    end as clock,
    fraction,
    case
        when zone = '' then {{ offset_minutes or 0 }}
        when _z[1] is null then 0
        else
            cast(_z[1] || '1' as integer)
            * (
                cast(_z[2] as integer) * 60
                + cast(coalesce(_z[3], '0') as integer)
            )
    end as offset_minutes
from dated
where zone = '' or _z is not null
offset 0
{%- endset -%}
{%- set checked -%}
select
    day,
    fraction,
    cast(day || ' ' || clock as timestamp) as moment,
    offset_minutes
from ordered
where
    case
        when day < '1000' then false
        when substr(day, 6, 2) not between '01' and '12' then false
        when substr(day, 9) between '01' and '28' then true
        when substr(day, 9) between '29' and '31'
            then substr(day, 9) <= to_char(make_date(
                cast(substr(day, 1, 4) as integer),
                cast(substr(day, 6, 2) as integer), 1
            ) + interval '1 month - 1 day', 'DD')
    end
offset 0
{%- endset -%}
{%- set found -%}
select
    {%- if offset_minutes is none %}
    day
    {%- else %}
    to_char(
        moment - offset_minutes * interval '1 minute',
        'YYYY-MM-DD"T"HH24:MI:SS'
    ) || '.' || rpad(substr(fraction, 1, 6), 6, '0') || 'Z'
    {%- endif %}
from checked
where
    moment is not null
    and moment{{ " - offset_minutes * interval '1 minute'"
        if offset_minutes is not none }}
    between timestamp '1000-01-01 00:00:00'
    and timestamp '9999-12-31 23:59:59'
{%- endset -%}
{{ cleaning.nested_steps([
    ('spaced', spaced), ('trimmed', trimmed), ('placed', placed),
    ('named', named), ('timed', timed), ('plain', plain), ('marked', marked),
    ('divided', divided), ('halves', halves), ('begun', begun),
    ('parted', parted), ('pieces', pieces), ('cut', cut), ('dated', dated),
    ('ordered', ordered), ('checked', checked), ('found', found)
]) }}
{%- endmacro %}
