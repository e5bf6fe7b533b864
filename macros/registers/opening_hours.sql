{#- The hours of a day, `7:30AM - 5:30PM`, as `07:30-17:30`; CLOSED is `closed`,
    and midnight to midnight `00:00-24:00`. NULL for what is neither. -#}
{% macro opening_hours(x) -%}
(
    with
    given as (
        select
            upper(replace(replace(replace(replace(
                {{ x }}, ' ', ''), '.', ''), '–', '-'), 'to', '-'
            )) as _v
        {{ cleaning.computed_once() }}
    ),
    halves as (
        select
            _v,
            {{ list_item('_v', '-', 1) }} as _from,
            {{ list_item('_v', '-', 2) }} as _until
        from given
        {{ cleaning.computed_once() }}
    ),
    clocks as (
        select
            _v,
            {{ clock_time('_from') }} as _from,
            {{ clock_time('_until') }} as _until
        from halves
        {{ cleaning.computed_once() }}
    )
    select
        case
            when _v = 'CLOSED' then 'closed'
            when _v in ('24HOURS', 'OPEN24HOURS') then '00:00-24:00'
            when _until = '00:00' then _from || '-24:00'
            else _from || '-' || _until
        end
    from clocks
)
{%- endmacro %}
