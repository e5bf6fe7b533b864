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
                {%- set v = 'ltrim(' ~ adapter.quote(column) ~ ", ' ''')" %},
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
                or substr({{ x }}, 1, 1) in ('''', ' ') or length({{ x }}) = 5
                or substr({{ x }}, 6, 1) = '.'
{%- endmacro %}


{#- The condition that a time names no zone where its file is of another one than
    declared. -#}
{% macro slashed_parts__lacks_zone(x, time_zone) -%}
(
    _time_zone <> '{{ time_zone }}'
    and (_time_zone like '+__:__' or _time_zone like '-__:__')
    and {{ x }} like '%:%'
    and trim(substr(trim({{ x }}, ' '''), 9), '0123456789:. APMapmT') = ''
)
{%- endmacro %}
