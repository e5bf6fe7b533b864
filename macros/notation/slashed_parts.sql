{#- A relation with the parts of dates such as 3/5/2026, a whole select: to each of the
    columns `_<column>_a`, `_<column>_b` (two digits each) and `_<column>_rest`, NULL
    for any other value. With dots the day is first, and 24-05-06 may begin with the
    year: these have none. -#}
{% macro slashed_parts(relation, columns) -%}
{%- if columns -%}
    {{ return(adapter.dispatch('slashed_parts', 'revenue_warehouse')(
        relation, columns
    )) }}
{%- endif -%}
select * from {{ relation }}
{%- endmacro %}


{% macro default__slashed_parts(relation, columns) -%}
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
{%- endmacro %}


{#- Most dates have none of these forms. The function gives all parts in one text. -#}
{% macro sqlite_strict__slashed_parts(relation, columns) -%}
select
        *
        {%- for column in columns %},
        substr(_{{ column }}_parts, 1, 2) as _{{ column }}_a,
        substr(_{{ column }}_parts, 4, 2) as _{{ column }}_b,
        substr(_{{ column }}_parts, 7) as _{{ column }}_rest
        {%- endfor %}
    from (
        select
            *
            {%- for column in columns %}
            {%- set x = adapter.quote(column) %},
            {{ cleaning.session_function(
                'slashed_parts', [x], slashed_parts__alone,
                unless=x ~ " glob '[12][0-9][0-9][0-9]-*' or " ~ x ~ " not glob '*[-/]*'"
            ) }} as _{{ column }}_parts
            {%- endfor %}
        from {{ relation }}
        {{ cleaning.computed_once() }}
    ) as _cut
    {{ cleaning.computed_once() }}
{%- endmacro %}


{% macro spark_strict__slashed_parts(relation, columns) -%}
{{ sqlite_strict__slashed_parts(relation, columns) }}
{%- endmacro %}


{% macro slashed_parts__alone(x) -%}
(
    select _x_a || '/' || _x_b || '/' || _x_rest from (
        {{ default__slashed_parts('(select ' ~ x ~ ' as x) as _alone', ['x']) }}
    )
)
{%- endmacro %}


{% macro slashed_parts__second(column) -%}
{{ cleaning.text_before('_' ~ column ~ '_2', '/') }}
{%- endmacro %}


{% macro slashed_parts__padded(x) -%}
substr('0' || {{ x }}, length({{ x }}), 2)
{%- endmacro %}


{#- The condition that a column of such parts could be read with either first. -#}
{% macro slashed_parts__either_way(column) -%}
{{ slashed_parts__are_either('_' ~ column ~ '_a', '_' ~ column ~ '_b') }}
{%- endmacro %}


{% macro slashed_parts__are_either(a, b) -%}
({{ a }} between '01' and '12' and {{ b }} between '01' and '12' and {{ a }} <> {{ b }})
{%- endmacro %}


{#- What a value shows of its column: `dmy`, `mdy`, `open` for one that could be read
    both ways, `serial` for a number of days. -#}
{% macro slashed_parts__shows(column) -%}
{{ cleaning.session_function('date_shows', [
    adapter.quote(column), '_' ~ column ~ '_a', '_' ~ column ~ '_b'
], slashed_parts__shows_of, unless='') }}
{%- endmacro %}


{% macro slashed_parts__shows_of(given, a, b) -%}
case
                when {{ a }} between '13' and '31' and {{ b }} between '01' and '12'
                    then 'dmy'
                when {{ b }} between '13' and '31' and {{ a }} between '01' and '12'
                    then 'mdy'
                when {{ slashed_parts__are_either(a, b) }} then 'open'
                when {{ serial_moment__is(given) }} then 'serial'
            end
{%- endmacro %}


{#- A date as the declaration has it (`written`): month and day exchanged, a number of
    days as a date, the zone of its file behind a time that names none. -#}
{% macro slashed_parts__rewritten(column, written) -%}
{%- set given = adapter.quote(column) -%}
{%- set parts = [] -%}
{%- for part in ['a', 'b', 'rest', 'order', 'local'] -%}
    {%- do parts.append('_' ~ column ~ '_' ~ part) -%}
{%- endfor -%}
{{ cleaning.session_function(
    'rewritten_date', [given, '_time_zone'] + parts, slashed_parts__rewritten_of,
    [written.date_order, written.time_zone], ['mdy', 'UTC'],
    given ~ " glob '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'", given
) }}
{%- endmacro %}


{% macro slashed_parts__rewritten_of(
    given, time_zone, a, b, rest, order, local, date_order, declared_zone
) -%}
case
            when {{ slashed_parts__are_either(a, b) }} and {{ order }} is null
                then {{ given }} || ' (day or month first?)'
            else case
                when {{ slashed_parts__are_either(a, b) }} and {{ order }} <> '{{ date_order }}'
                    then {{ b }} || '/' || {{ a }} || '/' || {{ rest }}
                when {{ serial_moment__is(given) }} then {{ serial_moment(given) }}
                when {{ time_zone }} <> '{{ declared_zone }}' then trim({{ given }}, ' ''')
                when {{ given }} like '''%' then ltrim({{ given }}, '''')
                else {{ given }}
            end || {{ slashed_parts__zone(time_zone, local, declared_zone) }}
        end
{%- endmacro %}


{#- The condition that a value may be a date with slashes or dashes, or a number of
    days: quick, and true of some others. -#}
{% macro slashed_parts__looked_for(x) -%}
{%- set marks = "('/', '-')" -%}
substr({{ x }}, 2, 1) in {{ marks }} or substr({{ x }}, 3, 1) in {{ marks }}
                or substr({{ x }}, 1, 1) in ('''', ' ', '=', '"') or length({{ x }}) = 5
                or substr({{ x }}, 6, 1) = '.'
{%- endmacro %}


{#- What has to be behind a time that names no zone, where its file is of another one
    than declared: its offset from UTC, or the name of its zone, with which it is
    unreadable. `local` is what slashed_parts__local gives. -#}
{% macro slashed_parts__zone(time_zone, local, declared_zone) -%}
case
                when {{ time_zone }} is null or {{ time_zone }} = '{{ declared_zone }}' then ''
                when {{ local }} = '' then ''
                when {{ time_zone }} like '_%/%' then ' ' || coalesce(
                    {{ zone_offset(time_zone, local) }}, {{ time_zone }}
                )
                else ' ' || {{ time_zone }}
            end
{%- endmacro %}


{#- The local time of a column as YYYY-MM-DDTHH, as far as it decides on a summer
    time: 12 AM is 00, and any time after noon is 12. Empty for what needs no zone,
    NULL for a time in another form. -#}
{% macro slashed_parts__local(column) -%}
{{ cleaning.session_function(
    'local_hour', [
        adapter.quote(column), '_' ~ column ~ '_a', '_' ~ column ~ '_b',
        '_' ~ column ~ '_rest', '_' ~ column ~ '_order', '_time_zone',
    ], slashed_parts__local_of, unless='_time_zone is null', value="''"
) }}
{%- endmacro %}


{% macro slashed_parts__local_of(given, a, b, rest, order, time_zone) -%}
{%- set value = 'trim(' ~ given ~ ", ' ''')" -%}
{%- set hour = 'trim(substr(' ~ rest ~ ", 5, 3), ' ,:T')" -%}
case
            when {{ time_zone }} is null then ''
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
                    when {{ a }} > '12' or ({{ b }} <= '12' and {{ order }} = 'dmy')
                        then {{ b }} || '-' || {{ a }}
                    else {{ a }} || '-' || {{ b }}
                end || 'T' || case
                    when lower({{ rest }}) like '%p%m%' then '12'
                    when lower({{ rest }}) like '%a%m%' and {{ hour }} = '12' then '00'
                    else substr('0' || {{ hour }}, length({{ hour }}), 2)
                end
        end
{%- endmacro %}
