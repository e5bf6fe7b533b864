{#- A relation with the parts of dates such as 3/5/2026, a whole select: to each of the
    columns `_<column>_a`, `_<column>_b` (two digits each) and `_<column>_rest`, NULL
    for any other value. With dots the day is first, and 24-05-06 may begin with the
    year: these have none. -#}
{% macro slashed_parts(relation, columns) -%}
{%- if not columns -%}
select * from {{ relation }}
{%- else -%}
select
        *
        {%- for column in columns %},
        {%- for part in ['a', 'b'] %}
        case
            when
                length(_{{ column }}_1) between 1 and 2
                and length({{ slashed_parts__second(column) }}) between 1 and 2
                and trim(_{{ column }}_1 || {{ slashed_parts__second(column) }}, '0123456789') = ''
                and _{{ column }}_2 like '%/%'
                then {{ slashed_parts__padded(
                    '_' ~ column ~ '_1' if part == 'a' else slashed_parts__second(column)
                ) }}
        end as _{{ column }}_{{ part }},
        {%- endfor %}
        {{ cleaning.text_after('_' ~ column ~ '_2', '/') }} as _{{ column }}_rest
        {%- endfor %}
    from (
        select
            *
            {%- for column in columns %},
            {{ cleaning.text_before('_' ~ column ~ '_0', '/') }} as _{{ column }}_1,
            {{ cleaning.text_after('_' ~ column ~ '_0', '/') }} as _{{ column }}_2
            {%- endfor %}
        from (
            select
                *
                {%- for column in columns %}
                {%- set v = 'trim(' ~ adapter.quote(column) ~ ", ' ''=\"')" %},
                case
                    when {{ v }} like '_/%' or {{ v }} like '__/%' then {{ v }}
                    when
                        ({{ v }} like '_-%' or {{ v }} like '__-%')
                        and {{ v }} like '%-%-____%'
                        and {{ v }} not like '__-__-__ %'
                        and {{ v }} not like '__-__-__T%'
                        then replace(substr({{ v }}, 1, 6), '-', '/') || substr({{ v }}, 7)
                end as _{{ column }}_0
                {%- endfor %}
            from {{ relation }}
            {{ cleaning.computed_once() }}
        ) as _cut_0
        {{ cleaning.computed_once() }}
    ) as _cut_1
    {{ cleaning.computed_once() }}
{%- endif -%}
{%- endmacro %}


{% macro slashed_parts__second(column) -%}
{{ cleaning.text_before('_' ~ column ~ '_2', '/') }}
{%- endmacro %}


{% macro slashed_parts__padded(x) -%}
substr('0' || {{ x }}, length({{ x }}), 2)
{%- endmacro %}


{#- The condition that a column of such parts could be read with either first. -#}
{% macro slashed_parts__either_way(column) -%}
(
    _{{ column }}_a between '01' and '12'
    and _{{ column }}_b between '01' and '12'
    and _{{ column }}_a <> _{{ column }}_b
)
{%- endmacro %}


{#- The condition that a value may be a date with slashes or dashes, or a number of
    days: quick, and true of some others. -#}
{% macro slashed_parts__looked_for(x) -%}
{%- set marks = "('/', '-')" -%}
substr({{ x }}, 2, 1) in {{ marks }} or substr({{ x }}, 3, 1) in {{ marks }}
                or substr({{ x }}, 1, 1) in ('''', ' ', '=', '"') or length({{ x }}) = 5
                or substr({{ x }}, 6, 1) = '.'
{%- endmacro %}


{#- What has to stand behind a time of a column that names no zone, where its file is
    of another one than declared: its offset from UTC, or the name of its zone, with
    which it is unreadable. `_<column>_local` is what slashed_parts__local gives. -#}
{% macro slashed_parts__zone(column, time_zone) -%}
case
                when _time_zone is null or _time_zone = '{{ time_zone }}' then ''
                when _{{ column }}_local = '' then ''
                when _time_zone like '_%/%' then ' ' || coalesce(
                    {{ zone_offset('_time_zone', '_' ~ column ~ '_local') }},
                    _time_zone
                )
                else ' ' || _time_zone
            end
{%- endmacro %}


{#- The local time of a column as YYYY-MM-DDTHH, as far as it decides on a summer
    time: 12 AM is 00, and any time after noon is 12. Empty for what needs no zone,
    NULL for a time in another form. -#}
{% macro slashed_parts__local(column) -%}
{%- set a, b = '_' ~ column ~ '_a', '_' ~ column ~ '_b' -%}
{%- set rest = '_' ~ column ~ '_rest' -%}
{%- set given = adapter.quote(column) -%}
{%- set value = 'trim(' ~ given ~ ", ' ''')" -%}
{%- set hour = 'trim(substr(' ~ rest ~ ", 5, 3), ' ,:T')" -%}
case
            when _time_zone is null then ''
            when {{ serial_moment__is(given) }} and {{ given }} like '%.%'
                then {{ serial_moment(given) }}
            when {{ value }} not like '%:%' then ''
            when trim(
                {{ cleaning.text_after(value, ':') }},
                '0123456789:. APMapm{{ '\u00a0\u202f' }}'
            ) <> '' then ''
            when {{ value }} like '____-__-__%'
                then substr({{ value }}, 1, 10) || 'T' || substr({{ value }}, 12, 2)
            when {{ value }} like '__.__.____ __:%'
                then substr({{ value }}, 7, 4) || '-' || substr({{ value }}, 4, 2)
                    || '-' || substr({{ value }}, 1, 2) || 'T'
                    || substr({{ value }}, 12, 2)
            when {{ a }} is not null
                then substr({{ rest }}, 1, 4) || '-' || case
                    when {{ a }} > '12' or ({{ b }} <= '12' and _{{ column }}_order = 'dmy')
                        then {{ b }} || '-' || {{ a }}
                    else {{ a }} || '-' || {{ b }}
                end || 'T' || case
                    when lower({{ rest }}) like '%p%m%' then '12'
                    when lower({{ rest }}) like '%a%m%' and {{ hour }} = '12' then '00'
                    else substr('0' || {{ hour }}, length({{ hour }}), 2)
                end
        end
{%- endmacro %}
