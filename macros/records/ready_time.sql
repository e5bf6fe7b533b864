{#- A time as parse_timestamp reads it, with the month first; NULL where day and month
    could be exchanged and nothing says which is first. The offset from UTC of its
    file (`time_zone`) is behind one that names no zone. -#}
{% macro ready_time(x, date_order, time_zone) -%}
{{ cleaning.session_function(
    'ready_time', [x, date_order, time_zone], ready_time__of,
    unless=x ~ " glob '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]' or "
        ~ x ~ " glob '[12][0-9][0-9][0-9]-*:*Z'", value=x
) }}
{%- endmacro %}


{% macro ready_time__of(x, date_order, time_zone) -%}
case
            when {{ date_order }} is null and {{ is_either_way__of(x) }} then null
            when {{ date_order }} = 'dmy' then {{ month_first(x) }}
            else {{ x }}
        end
        || case
            when
                ({{ time_zone }} like '+__:__' or {{ time_zone }} like '-__:__')
                and {{ x }} like '%:%' and not {{ has_zone(x) }}
                then ' ' || {{ time_zone }}
            else ''
        end
{%- endmacro %}


{#- The same without the name of a zone behind it. -#}
{% macro ready_time__unzoned(x, date_order) -%}
{{ cleaning.session_function(
    'unzoned_time', [x, date_order], ready_time__unzoned_of,
    unless=x ~ " glob '[12][0-9][0-9][0-9]-*[0-9Z]'", value=x
) }}
{%- endmacro %}


{% macro ready_time__unzoned_of(x, date_order) -%}
case
            when {{ date_order }} is null and {{ is_either_way__of(x) }} then null
            when {{ date_order }} = 'dmy' then {{ month_first(without_zone(x)) }}
            else {{ without_zone(x) }}
        end
{%- endmacro %}
