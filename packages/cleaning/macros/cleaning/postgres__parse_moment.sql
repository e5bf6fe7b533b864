{#- Patterns check the days of each month but the leap day. PostgreSQL keeps 32
    compiled patterns, so these forms share theirs, and use few: one that a value cannot
    need is not tried, by a look that costs nothing. -#}
{% macro postgres__parse_moment(x, offset_minutes, date_order) -%}
{%- set date = '[1-9][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])'
    ~ '|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))' -%}
{%- set time = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{6})?' -%}
{%- if offset_minutes == 0 -%}
    {%- set is_iso, value = x ~ " ~ '^" ~ date ~ 'T' ~ time ~ "$'",
        'substr(' ~ x ~ " || '.000000', 1, 26) || 'Z'" -%}
{%- elif offset_minutes is none -%}
    {%- set is_iso, value = x ~ " ~ '^" ~ date ~ "$'", x -%}
{%- else -%}
    {{ return(cleaning.postgres__moment(x, offset_minutes, date_order)) }}
{%- endif -%}
{{ cleaning.join_shortcut(
    x, is_iso, value, 'parse_moment', cleaning.postgres__moment, [offset_minutes, date_order]
) }}
{%- endmacro %}


{% macro postgres__moment(x, offset_minutes, date_order) -%}
{%- set months = [
    'jan(?:uary)?', 'feb(?:ruary)?', 'mar(?:ch)?', 'apr(?:il)?', 'may',
    'june?', 'july?', 'aug(?:ust)?', 'sept?(?:ember)?', 'oct(?:ober)?',
    'nov(?:ember)?', 'dec(?:ember)?'
] | join('|') -%}
{%- set gap = '[ ./,-]*' -%}
(
    with
    spaced as (
        select translate(lower({{ x }}), '{{ '\u00a0\u202f' }}', '  ') as _v
        offset 0
    ),
    trimmed as (
        select
            case
                when _v like '%  %'
                    then trim(regexp_replace(_v, ' +', ' ', 'g'))
                else trim(_v)
            end as _v
        from spaced
        offset 0
    ),
    {#- What has no letter but a zone's has none of these. #}
    joined as (
        select
            case
                when _v like '% of %' or _v like '% the %'
                    then regexp_replace(_v, ' (of|the) ', ' ', 'g')
                else _v
            end as _v
        from trimmed
        offset 0
    ),
    named as (
        select
            case
                when _v like 'm%' or _v like 't%' or _v like 'w%' or _v like 'f%'
                    or _v like 's%'
                    then regexp_replace(
                        _v,
                        '^(mon|tues?|wed|thu|thurs?|fri|sat|sun|monday|tuesday'
                        || '|wednesday|thursday|friday|saturday|sunday)[., ]+', ''
                    )
                else _v
            end as _v
        from joined
        offset 0
    ),
    placed as (
        select
            case
                when strpos(_v, ' at ') > 0
                    then overlay(_v placing ' ' from strpos(_v, ' at ') for 4)
                else _v
            end as _v
        from named
        offset 0
    ),
    plain as (
        select
            case
                when _v like '%1st%' or _v like '%2nd%' or _v like '%3rd%'
                    or _v like '%th%'
                    then regexp_replace(
                        _v, '(1)st|(2)nd|(3)rd|([0-9])th', '\1\2\3\4'
                    )
                else _v
            end as _v
        from placed
        offset 0
    ),
    {#- 5 pm, 14h30; 5. 1. 2024 and 5 1 2024 #}
    timed as (
        select
            case
                when _v like '%m'
                    then regexp_replace(
                        _v, '^([^:]*[0-9]) ?([ap]m)$', '\1:00\2'
                    )
                when _v like '%h__'
                    then regexp_replace(
                        _v, '^([^:]*[0-9])h([0-9]{2})$', '\1:\2'
                    )
                else _v
            end as _v
        from plain
        offset 0
    ),
    worded as (
        select
            case
                when _v like '%. %. %'
                    then regexp_replace(
                        regexp_replace(
                            _v, '^([0-9]{1,2})[.] ([0-9]{1,2})[.] ', '\1.\2.'
                        ),
                        '^([0-9]{1,2}) ([0-9]{1,2}) ([0-9]{4})', '\1/\2/\3'
                    )
                when _v like '% % ____%'
                    then regexp_replace(
                        _v, '^([0-9]{1,2}) ([0-9]{1,2}) ([0-9]{4})', '\1/\2/\3'
                    )
                else _v
            end as _v
        from timed
        offset 0
    ),
    {#- Forms without marks get them. #}
    marked as (
        select
            case
                when
                    length(_v) in (10, 13) and ltrim(_v, '0123456789') = ''
                    then to_char(
                        timestamp '1970-01-01'
                        + cast(rpad(_v, 13, '0') as bigint)
                        * interval '1 millisecond',
                        'YYYY-MM-DD HH24:MI:SS.MS'
                    ) || 'z'
                when ltrim(substr(_v, 1, 8), '0123456789') <> '' then _v
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
        offset 0
    ),
    halves as (
        select
            case
                when _v not like '%:%' then _v
                else substring(
                    _v from '^(.*?[0-9])(?:[t,]? |,|t)[0-9]{1,2}:'
                )
            end as day,
            case
                when _v not like '%:%' then '00:00'
                else substring(_v from '[t ,]([0-9]{1,2}:.*)$')
            end as clock
        from marked
        offset 0
    ),
    {#- Each of the three forms begins otherwise. #}
    numbered as (
        select
            case
                when upper(day) = day then day
                else regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            day,
                            '^({{ months }}){{ gap }}([0-9]{1,2})[ ./,-]+'
                            || '([0-9]+)[ ,]*$',
                            '\2 \1 \3'
                        ),
                        '^([0-9]{4}){{ gap }}({{ months }}){{ gap }}'
                        || '([0-9]{1,2})[ ,]*$',
                        '\3 \2 \1'
                    ),
                    '^([0-9]{1,2}){{ gap }}({{ months }}){{ gap }}([0-9]+)[ ,]*$',
                    '\1 \2 \3'
                )
            end as day,
            clock
        from halves
        offset 0
    ),
    parts as (
        select
            regexp_match(
                day,
                '^([0-9]{1,4})([-/. ])([0-9]{1,2}|{{ months }})([-/. ])'
                || '([0-9]{1,4})$'
            ) as _d,
            regexp_match(
                clock,
                '^([0-9]+)(:[0-9:]+)(?:[.,]([0-9]+))? ?'
                || '(?:([ap])(?:[.]m[.]|m))? ?(.*)$'
            ) as _t
        from numbered
        offset 0
    ),
    dated as (
        select
            lpad(_d[1], 2, '0') as a,
            case when length(_d[1]) = 4 then _d[1] end as a_year,
            _d[2] as mark,
            case
                when _d[2] = ' '
                    then cast((strpos(
                        'janfebmaraprmayjunjulaugsepoctnovdec',
                        substr(_d[3], 1, 3)
                    ) + 2) / 3 as text)
                else _d[3]
            end as b,
            _d[5] as c,
            case
                when length(_d[5]) = 4 then _d[5]
                when length(_d[5]) <> 2 then null
                when _d[5] >= '70' then '19' || _d[5]
                else '20' || _d[5]
            end as c_year,
            _t
        from parts
        where
            _d[2] = _d[4]
            and (_d[2] = ' ') = (_d[3] > '9~')
            and length(_d[1]) in (1, 2, 4)
            and (_d[2] <> ' ' or length(_d[1]) < 3)
        offset 0
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
                when _t[4] is null then lpad(_t[1], 2, '0')
                when lpad(_t[1], 2, '0') not between '01' and '12' then null
                else lpad(cast(
                    cast(_t[1] as integer) % 12
                    + case when _t[4] = 'p' then 12 else 0 end as text
                ), 2, '0')
            end as hour,
            _t[2] as minutes,
            coalesce(_t[3], '') as fraction,
            case
                when _t[5] = '' then cast(array[null, null, null, null] as text[])
                else regexp_match(
                    case
                        when _t[5] like '%)'
                            then regexp_replace(
                                _t[5],
                                '^([^(]+?) ?[(].*[)]$|^[(](utc|gmt|z)[)]$', '\1\2'
                            )
                        else _t[5]
                    end,
                    '^(z|utc|gmt|(?:gmt|utc)?([+-])(0[0-9]|1[0-4])(?::?([0-5][0-9]))?)?$'
                )
            end as zone
        from dated
        offset 0
    ),
    checked as (
        select
            day,
            fraction,
            case
                when
                    substr(day, 9) <= to_char(make_date(
                        cast(substr(day, 1, 4) as integer),
                        cast(substr(day, 6, 2) as integer), 1
                    ) + interval '1 month - 1 day', 'DD')
                    then cast(day || ' ' || hour || minutes as timestamp)
            end as moment,
            case
                when zone[1] is null then {{ offset_minutes or 0 }}
                when zone[2] is null then 0
                else
                    cast(zone[2] || '1' as integer)
                    * (
                        cast(zone[3] as integer) * 60
                        + cast(coalesce(zone[4], '0') as integer)
                    )
            end as offset_minutes
        from ordered
        where
            zone is not null
            and length(fraction) <= 9
            and case
                when hour || minutes ~ '^([01][0-9]|2[0-3])(:[0-5][0-9]){1,2}$'
                    then day ~ (
                        '^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
                    )
            end
        offset 0
    )
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
)
{%- endmacro %}
