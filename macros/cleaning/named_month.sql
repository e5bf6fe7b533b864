{#- 5 January 2024, Jan. 5th, 2024, 5-Jan-24 or 2024 Jan 5 as 5.1.2024. -#}
{% macro sqlite__named_month_as_number(x) -%}
{%- set months = [
    'january', 'february', 'march', 'april', 'may', 'june', 'july', 'august',
    'september', 'october', 'november', 'december'
] -%}
(
    with
    given as (
        select
            case
                when {{ x }} glob '*[0-9][snrt][tdh]*' then {{ replace_each(
                    x,
                    ['1st', '2nd', '3rd', '0th', '1th', '2th', '3th', '4th',
                     '5th', '6th', '7th', '8th', '9th'],
                    ['1', '2', '3', '0', '1', '2', '3', '4',
                     '5', '6', '7', '8', '9']
                ) }}
                else {{ x }}
            end as v
    ),
    {#- The month's name, and what stands before and behind it. #}
    found as (
        select
            v,
            ltrim(v, '0123456789 -./,') as from_name,
            ltrim(
                ltrim(v, '0123456789 -./,'), 'abcdefghijklmnopqrstuvwxyz'
            ) as behind
        from given
        limit 1
    ),
    parts as (
        select
            trim(substr(v, 1, length(v) - length(from_name)), ' -./,')
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
            end as month
        from found
        limit 1
    )
    select
        case
            when before = ''
                then
                    substr(
                        behind, 1,
                        length(behind) - length(ltrim(behind, '0123456789'))
                    ) || '.' || month || '.'
                    || ltrim(ltrim(behind, '0123456789'), ' -./,')
            when length(before) = 4
                then behind || '.' || month || '.' || before
            else before || '.' || month || '.' || behind
        end
    from parts
)
{%- endmacro %}
