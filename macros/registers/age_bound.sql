{#- The youngest (`min`) or oldest (`max`) age in a text, in months: of the age
    groups it names, or of a range in numbers, `6 weeks - 12 years`. A year as the
    upper end is meant whole: 4 years are 59 months. -#}
{% macro age_bound(x, bound) -%}
{%- if bound not in ['min', 'max'] -%}
  {%- do exceptions.raise_compiler_error(
      'age_bound: bound must be min or max, got: ' ~ bound
  ) -%}
{%- endif -%}
{%- set groups = age_group_words() -%}
case
    {%- for group in groups if bound == 'min' %}
    when {{ names_age_group(x, group) }} then {{ group.min }}
    {%- endfor %}
    {%- for group in groups | reverse if bound == 'max' %}
    when {{ names_age_group(x, group) }} then {{ group.max }}
    {%- endfor %}
    else (
        with
        given as (
            select
                replace(replace(replace(
                    lower({{ x }}), ' to ', '-'), '–', '-'
                ), ' ', '') as _v
            {{ cleaning.computed_once() }}
        ),
        halves as (
            select
                {{ list_item('_v', '-', 1) }} as _low,
                {{ list_item('_v', '-', 2) }} as _high
            from given
            {{ cleaning.computed_once() }}
        ),
        numbered as (
            select
                ltrim(_low, '0123456789') as _low_unit,
                ltrim(_high, '0123456789') as _high_unit,
                {%- for side in ['_low', '_high'] %}
                case
                    when
                        length({{ side }})
                        - length(ltrim({{ side }}, '0123456789'))
                        between 1 and 4
                        then cast(substr(
                            {{ side }}, 1, length({{ side }})
                            - length(ltrim({{ side }}, '0123456789'))
                        ) as bigint)
                end as {{ side }}{{ ',' if not loop.last }}
                {%- endfor %}
            from halves
            {{ cleaning.computed_once() }}
        )
        {%- set unit = "coalesce(nullif(_low_unit, ''), _high_unit)"
            if bound == 'min' else '_high_unit' %}
        {%- set number = '_low' if bound == 'min' else '_high' %}
        select
            case
                when {{ unit }} like 'w%'
                    then cast(
                        ({{ number }} * 12 - ({{ number }} * 12) % 52) / 52
                        as bigint
                    )
                when {{ unit }} like 'm%' then {{ number }}
                when {{ unit }} like 'y%'
                    then {{ number }} * 12{{ ' + 11' if bound == 'max' }}
            end
        from numbered
        where _low is not null and _high is not null
    )
end
{%- endmacro %}
