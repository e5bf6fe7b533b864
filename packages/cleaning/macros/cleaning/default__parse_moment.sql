{% macro default__parse_moment(x, offset_minutes, date_order) -%}
{%- set date = '[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}' -%}
{%- set time = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]' -%}
{%- if offset_minutes == 0 -%}
    {%- set is_iso -%}
_1 ~ '^{{ date }}T{{ time }}([.][0-9]{6})?$'
        and try_cast(substr(_1, 1, 10) as date) is not null
    {%- endset -%}
    {%- set value -%}
substr(_1 || '.000000', 1, 26) || 'Z'
    {%- endset -%}
{%- elif offset_minutes is none -%}
    {%- set is_iso -%}
_1 ~ '^{{ date }}$' and try_cast(_1 as date) is not null
    {%- endset -%}
    {%- set value = '_1' -%}
{%- else -%}
    {{ return(cleaning.session_function(
        'parse_timestamp', [x], cleaning.default__moment, [offset_minutes, date_order],
        [0, 'mdy']
    )) }}
{%- endif -%}
{{ cleaning.join_shortcut(
    x, is_iso, value, 'parse_date' if offset_minutes is none else 'parse_timestamp',
    cleaning.default__moment, [offset_minutes, date_order], [offset_minutes, 'mdy']
) }}
{%- endmacro %}


{% macro default__moment(x, offset_minutes, date_order) -%}
{%- set months = [
    'jan(?:uary)?', 'feb(?:ruary)?', 'mar(?:ch)?', 'apr(?:il)?', 'may',
    'june?', 'july?', 'aug(?:ust)?', 'sept?(?:ember)?', 'oct(?:ober)?',
    'nov(?:ember)?', 'dec(?:ember)?'
] | join('|') -%}
{%- set gap = '[ ./,-]*' -%}
(
    with
    plain as (
        select
            regexp_replace(regexp_replace(
                regexp_replace(
                    regexp_replace(trim(regexp_replace(
                        lower({{ x }}), '[ {{ '\u00a0\u202f' }}]+', ' ', 'g'
                    )), ' (of|the) ', ' ', 'g'),
                    '^(mon|tues?|wed|thu|thurs?|fri|sat|sun|monday|tuesday'
                    || '|wednesday|thursday|friday|saturday|sunday)[., ]+', ''
                ),
                ' at ', ' '
            ), '(1)st|(2)nd|(3)rd|([0-9])th', '\1\2\3\4') as _v
    ),
    {#- 5 pm, 14h30; 5. 1. 2024 and 5 1 2024 #}
    worded as (
        select
            regexp_replace(regexp_replace(regexp_replace(
                regexp_replace(
                    _v, '^([^:]*[0-9]) ?([ap]m)$', '\1:00\2'
                ),
                '^([^:]*[0-9])h([0-9]{2})$', '\1:\2'
            ), '^([0-9]{1,2})[.] ([0-9]{1,2})[.] ?', '\1.\2.'),
            '^([0-9]{1,2}) ([0-9]{1,2}) ([0-9]{4})', '\1/\2/\3') as _v
        from plain
    ),
    {#- Forms without marks get them. #}
    marked as (
        select
            case
                when _v ~ '^[0-9]{10}$' or _v ~ '^[0-9]{13}$'
                    then strftime(
                        epoch_ms(cast(rpad(_v, 13, '0') as bigint)),
                        '%Y-%m-%d %H:%M:%S.%g'
                    ) || 'z'
                else regexp_replace(
                    regexp_replace(
                        _v,
                        '^([0-9]{4})([0-9]{2})([0-9]{2})'
                        || '($| [0-9]{1,2}:|t[0-9]{1,2}:)',
                        '\1-\2-\3\4'
                    ),
                    '^([0-9]{4})([0-9]{2})([0-9]{2})t?'
                    || '([0-9]{2})([0-9]{2})([0-9]{2})',
                    '\1-\2-\3 \4:\5:\6'
                )
            end as _v
        from worded
        where length(_v) between 6 and 70
    ),
    halves as (
        select
            case
                when _v not like '%:%' then _v
                when _v ~ '^.*[0-9](?:[t,]? |,|t)[0-9]{1,2}:.*$'
                    then regexp_extract(
                        _v, '^(.*?[0-9])(?:[t,]? |,|t)[0-9]{1,2}:', 1
                    )
            end as day,
            case
                when _v not like '%:%' then '00:00'
                else regexp_extract(_v, '[t ,]([0-9]{1,2}:.*)$', 1)
            end as clock
        from marked
    ),
    numbered as (
        select
            case
                when day ~ '^({{ months }}){{ gap }}[0-9]{1,2}.*$'
                    then regexp_replace(
                        day,
                        '^({{ months }}){{ gap }}([0-9]{1,2})[ ./,-]+'
                        || '([0-9]+)[ ,]*$',
                        '\2 \1 \3'
                    )
                when day ~ '^[0-9]{4}{{ gap }}[a-z]+.*$'
                    then regexp_replace(
                        day,
                        '^([0-9]{4}){{ gap }}({{ months }}){{ gap }}'
                        || '([0-9]{1,2})[ ,]*$',
                        '\3 \2 \1'
                    )
                when day ~ '^.*[a-z].*$'
                    then regexp_replace(
                        day,
                        '^([0-9]{1,2}){{ gap }}({{ months }})'
                        || '{{ gap }}([0-9]+)[ ,]*$',
                        '\1 \2 \3'
                    )
                else day
            end as day,
            clock
        from halves
    ),
    parts as (
        select
            regexp_extract(day, '^([0-9]+)', 1) as a,
            regexp_extract(day, '^[0-9]+([-/. ])', 1) as mark,
            regexp_extract(day, '^[0-9]+[-/. ]([0-9a-z]+)', 1) as b,
            regexp_extract(day, '([-/. ])[0-9]+$', 1) as last_mark,
            regexp_extract(day, '([0-9]+)$', 1) as c,
            clock
        from numbered
        where
            day ~ '^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}$'
            or day ~ '^[0-9]{1,2} ({{ months }}) [0-9]{1,4}$'
    ),
    dated as (
        select
            lpad(a, 2, '0') as a,
            case when length(a) = 4 then a end as a_year,
            mark,
            case
                when mark = ' '
                    then cast((strpos(
                        'janfebmaraprmayjunjulaugsepoctnovdec', substr(b, 1, 3)
                    ) + 2) // 3 as varchar)
                else b
            end as b,
            c,
            case
                when length(c) = 4 then c
                when length(c) <> 2 then null
                when c >= '70' then '19' || c
                else '20' || c
            end as c_year,
            clock
        from parts
        where mark = last_mark and length(a) in (1, 2, 4)
    ),
    ordered as (
        select
            case
                when a_year is not null and length(c) <= 2
                    then
                        a_year || '-' || lpad(b, 2, '0') || '-'
                        || lpad(c, 2, '0')
                when a_year is not null then null
                when
                    mark in ('-', '/')
                    {%- if date_order == 'mdy' %}
                    and (a <= '12' or (mark = '-' and length(c) = 2))
                    {%- else %}
                    and lpad(b, 2, '0') > '12'
                    and (mark = '/' or length(c) = 4)
                    {%- endif %}
                    then c_year || '-' || a || '-' || lpad(b, 2, '0')
                else c_year || '-' || lpad(b, 2, '0') || '-' || a
            end as day,
            case
                when regexp_extract(clock, '^[0-9:.,]+ ?([ap])[.]?m', 1) = ''
                    then lpad(split_part(clock, ':', 1), 2, '0')
                when lpad(split_part(clock, ':', 1), 2, '0')
                    not between '01' and '12'
                    then null
                else lpad(cast(
                    cast(split_part(clock, ':', 1) as integer) % 12
                    + case
                        when clock ~ '^[0-9:.,]+ ?p.*$' then 12 else 0
                    end
                    as varchar
                ), 2, '0')
            end as hour,
            regexp_extract(clock, '^[0-9]+(:[0-9:]+)', 1) as minutes,
            regexp_extract(clock, '^[0-9:]+[.,]([0-9]+)', 1) as fraction,
            regexp_replace(
                regexp_replace(
                    clock, '^[0-9:]+([.,][0-9]+)? ?([ap]([.]m[.]|m))? ?', ''
                ),
                '^([^(]+?) ?[(].*[)]$|^[(](utc|gmt|z)[)]$', '\1\2'
            ) as zone
        from dated
    ),
    read as (
        select
            day,
            fraction,
            try_cast(day || ' ' || hour || minutes || case
                when length(minutes) = 3 then ':00' else ''
            end as timestamp) as moment,
            case
                when zone = '' then {{ offset_minutes or 0 }}
                when zone in ('z', 'utc', 'gmt') then 0
                else
                    cast(
                        regexp_extract(zone, '([+-])[0-9]{2}', 1) || '1'
                        as integer
                    )
                    * (
                        cast(regexp_extract(
                            zone, '[+-]([0-9]{2})', 1
                        ) as integer) * 60
                        + cast(
                            '0' || regexp_extract(
                                zone, '[+-][0-9]{2}:?([0-9]{2})', 1
                            ) as integer
                        )
                    )
            end as offset_minutes
        from ordered
        where
            hour < '24'
            and minutes ~ '^:[0-9]{2}(:[0-9]{2})?$'
            and length(fraction) <= 9
            and zone ~ (
                '^(z|utc|gmt|(gmt|utc)?[+-](0[0-9]|1[0-4])'
                || '(:?[0-5][0-9])?)?$'
            )
            and day >= '1000'
    )
    select
        {%- if offset_minutes is none %}
        day
        {%- else %}
        strftime(
            moment - to_minutes(offset_minutes), '%Y-%m-%dT%H:%M:%S'
        ) || '.' || rpad(substr(fraction, 1, 6), 6, '0') || 'Z'
        {%- endif %}
    from read
    where
        moment is not null
        and moment{{ ' - to_minutes(offset_minutes)'
            if offset_minutes is not none }}
        between timestamp '1000-01-01 00:00:00'
        and timestamp '9999-12-31 23:59:59'
)
{%- endmacro %}
