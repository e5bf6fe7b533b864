{#- A time of day, `7:30AM`, `5PM` or `17:30`, as `HH:MM`, or NULL. -#}
{% macro clock_time(x) -%}
(
    with
    given as (
        select
            rtrim(upper(trim({{ x }}, ' ')), ' APM') as _v,
            case
                when upper({{ x }}) like '%AM' then 'A'
                when upper({{ x }}) like '%PM' then 'P'
                else ''
            end as _half
        {{ cleaning.computed_once() }}
    ),
    parts as (
        select
            _half,
            {{ list_item('_v', ':', 1) }} as _hour,
            coalesce({{ list_item('_v', ':', 2) }}, '00') as _minute
        from given
        {{ cleaning.computed_once() }}
    ),
    checked as (
        select
            _half,
            cast(_hour as bigint) as _hour,
            _minute
        from parts
        where
            length(_hour) in (1, 2)
            and ltrim(_hour, '0123456789') = ''
            and length(_minute) = 2
            and ltrim(_minute, '0123456789') = ''
            and _minute < '60'
        {{ cleaning.computed_once() }}
    )
    select
        substr(cast(
            case
                when _half = '' then _hour
                when _half = 'A' then _hour % 12
                else _hour % 12 + 12
            end + 100 as text
        ), 2) || ':' || _minute
    from checked
    where case when _half = '' then _hour < 24 else _hour between 1 and 12 end
)
{%- endmacro %}
