{#- A number of days as spreadsheets count them (45231 is 2023-11-01) as a timestamp
    without a zone, to the millisecond. -#}
{% macro serial_moment(x) -%}
{{ return(adapter.dispatch('serial_moment', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro sqlite__serial_moment(x) -%}
strftime(
    '%Y-%m-%dT%H:%M:%f', '1899-12-30', round({{ x }} * 86400, 3) || ' seconds'
)
{%- endmacro %}


{% macro default__serial_moment(x) -%}
strftime(
    timestamp '1899-12-30'
    + to_milliseconds(cast(round(try_cast({{ x }} as double) * 86400000) as bigint)),
    '%Y-%m-%dT%H:%M:%S.%g'
)
{%- endmacro %}


{#- The condition that a value is such a number, of the years 1954 to 2064. -#}
{% macro serial_moment__is(x) -%}
(
    ({{ x }} like '_____' or {{ x }} like '_____.%')
    and {{ x }} between '20000' and '60000'
    and trim({{ x }}, '0123456789') in ('', '.')
    and {{ x }} not like '%.'
)
{%- endmacro %}


{% macro postgres__serial_moment(x) -%}
case
    when {{ x }} ~ '^[0-9]+[.]?[0-9]*$'
        then to_char(
            timestamp '1899-12-30'
            + round(cast({{ x }} as numeric) * 86400000) * interval '1 millisecond',
            'YYYY-MM-DD"T"HH24:MI:SS.MS'
        )
end
{%- endmacro %}
