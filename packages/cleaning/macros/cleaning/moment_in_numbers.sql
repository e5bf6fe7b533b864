{#-
    A date or time that does not start with a date in numbers, rewritten so
    that it does: epoch seconds and milliseconds, forms without marks, named
    months, a weekday in front.
-#}
{#- CTEs that give `rewritten` from `given`, each of one row with one column v. -#}
{% macro sqlite__moment_in_numbers() -%}
{%- set digit = '[0-9]' -%}
{%- set digits = '0123456789' -%}
{%- set letters = 'abcdefghijklmnopqrstuvwxyz' -%}
{%- set months = [
    'january', 'february', 'march', 'april', 'may', 'june', 'july', 'august',
    'september', 'october', 'november', 'december'
] -%}
plain as (
        select
            trim(replace(replace(replace(replace(lower(v),
            '{{ '\u00a0' }}', ' '), '{{ '\u202f' }}', ' '), '  ', ' '),
            ' at ', ' ')) as v
        from (select v from given limit 1)
        where length(v) between 6 and 70
        limit 1
    ),
    worded as (
        select {{ cleaning.sqlite__with_minutes(
            "replace(replace(v, ' of ', ' '), ' the ', ' ')"
        ) }} as v
        from plain
        limit 1
    ),
    {#- Forms without marks get them, a weekday in front is dropped. #}
    marked as (
        select
            case
                when v glob '{{ digit * 14 }}*' then
                    substr(v, 1, 4) || '-' || substr(v, 5, 2) || '-'
                    || substr(v, 7, 2) || ' ' || substr(v, 9, 2) || ':'
                    || substr(v, 11, 2) || ':' || substr(v, 13)
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
                    end
                when v glob '{{ digit * 8 }}t{{ digit * 6 }}*' then
                    substr(v, 1, 4) || '-' || substr(v, 5, 2) || '-'
                    || substr(v, 7, 2) || ' ' || substr(v, 10, 2) || ':'
                    || substr(v, 12, 2) || ':' || substr(v, 14)
                when v glob '{{ digit * 8 }}[ t]{{ digit }}*:*' then
                    substr(v, 1, 4) || '-' || substr(v, 5, 2) || '-'
                    || substr(v, 7, 2) || ' ' || substr(v, 10)
                when
                    v glob '[a-z]*'
                    and ltrim(v, '{{ letters }}') glob '[., ]*'
                    and substr(
                        v, 1, length(v) - length(ltrim(v, '{{ letters }}'))
                    ) in (
                        'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun',
                        'monday', 'tuesday', 'wednesday', 'thursday', 'friday',
                        'saturday', 'sunday', 'tues', 'thur', 'thurs'
                    )
                    then ltrim(ltrim(v, '{{ letters }}'), '., ')
                {#- 5. 1. 2024 and 5 1 2024 #}
                when v glob '{{ digit }}. *' or v glob '{{ digit * 2 }}. *'
                    then replace(v, '. ', '.')
                {%- for d in (1, 2) %}
                {%- for m in (1, 2) %}
                when
                    v glob '{{ digit * d }} {{ digit * m }} {{ digit * 4 }}*'
                    then
                        substr(v, 1, {{ d }}) || '/'
                        || substr(v, {{ d + 2 }}, {{ m }}) || '/'
                        || substr(v, {{ d + m + 3 }})
                {%- endfor %}
                {%- endfor %}
                else v
            end as v
        from worded
        limit 1
    ),
    {#- A time starts with the digits before the first colon. #}
    halves as (
        select
            case
                when v glob '*[a-z]*'
                    then length(rtrim(
                        substr(v, 1, instr(v || ':', ':') - 1),
                        case when v like '%:%' then '{{ digits }}' else '' end
                    ))
            end as day_length,
            v
        from marked
        limit 1
    ),
    {#- 5 January 2024, Jan. 5th, 2024, 5-Jan-24 or 2024 Jan 5 are 5.1.2024. #}
    worded_day as (
        select
            case
                when substr(v, 1, day_length) glob '*[a-z]*'
                    then rtrim(substr(v, 1, day_length), ' ,')
            end as day,
            rtrim(' ' || substr(v, day_length + 1)) as clock,
            v
        from halves
        limit 1
    ),
    unordered as (
        select
            case
                when day glob '*[0-9][snrt][tdh]*' then {{ cleaning.replace_each(
                    'day',
                    ['1st', '2nd', '3rd', '0th', '1th', '2th', '3th', '4th',
                     '5th', '6th', '7th', '8th', '9th'],
                    ['1', '2', '3', '0', '1', '2', '3', '4',
                     '5', '6', '7', '8', '9']
                ) }}
                else day
            end as day,
            clock,
            v
        from worded_day
        limit 1
    ),
    {#- The month's name, and what stands before and behind it. #}
    found as (
        select
            day,
            case
                when day glob '[0-9a-z]*[0-9]'
                    then ltrim(day, '0123456789 -./,')
            end as from_name,
            ltrim(
                ltrim(day, '0123456789 -./,'), '{{ letters }}'
            ) as behind,
            clock,
            v
        from unordered
        limit 1
    ),
    month_parts as (
        select
            day,
            v,
            trim(substr(day, 1, length(day) - length(from_name)), ' -./,')
                as before,
            trim(behind, ' -./,') as behind,
            case substr(from_name, 1, length(from_name) - length(behind))
                {%- for month in months %}
                when '{{ month[:3] }}' then '{{ loop.index }}'
                {%- if month | length > 3 %}
                when '{{ month }}' then '{{ loop.index }}'
                {%- endif %}
                {%- endfor %}
                when 'sept' then '9'
            end as month,
            clock
        from found
        limit 1
    ),
    rewritten as (
        select
            case
                when day is null then v
                when before = '' and behind glob '[0-9][0-9][0-9]*' then null
                when before = ''
                    then
                        substr(
                            behind, 1,
                            length(behind) - length(ltrim(behind, '{{ digits }}'))
                        ) || '.' || month || '.'
                        || ltrim(ltrim(behind, '{{ digits }}'), ' -./,') || clock
                when length(before) = 4
                    then behind || '.' || month || '.' || before || clock
                else before || '.' || month || '.' || behind || clock
            end as v
        from month_parts
        limit 1
    )
{%- endmacro %}


{#- A time at the end that has no minutes, or an h before them: 5 pm, 14h30. -#}
{% macro sqlite__with_minutes(x) -%}
case
    when {{ x }} like '%:%' then {{ x }}
    when {{ x }} glob '*[0-9][aApP][mM]'
        then
            substr({{ x }}, 1, length({{ x }}) - 2) || ':00'
            || substr({{ x }}, length({{ x }}) - 1)
    when {{ x }} glob '*[0-9] [aApP][mM]'
        then
            substr({{ x }}, 1, length({{ x }}) - 3) || ':00'
            || substr({{ x }}, length({{ x }}) - 1)
    when {{ x }} glob '*[0-9][hH][0-9][0-9]'
        then
            substr({{ x }}, 1, length({{ x }}) - 3) || ':'
            || substr({{ x }}, length({{ x }}) - 1)
    else {{ x }}
end
{%- endmacro %}
