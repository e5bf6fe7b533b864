{#- Seconds of a duration such as 00:05:20 or 01:30 (hours and minutes), or of a number
    of milliseconds; NULL for any other text. -#}
{% macro clock_seconds(x) -%}
{{ cleaning.session_function('clock_seconds', [x], clock_seconds__of, unless='') }}
{%- endmacro %}


{% macro clock_seconds__of(x) -%}
{%- set first = cleaning.text_before(x, ':') -%}
{%- set rest = cleaning.text_after(x, ':') -%}
{%- set second = cleaning.text_before(rest, ':') -%}
{%- set third = cleaning.text_after(rest, ':') -%}
case
            when trim({{ x }}, '0123456789:') <> '' then null
            when {{ x }} like '%_:__:__' and length({{ first }}) <= 4 and {{ third }} not like '%:%'
                then cast({{ first }} as integer) * 3600.0
                    + cast({{ second }} as integer) * 60 + cast({{ third }} as integer)
            when {{ x }} like '%_:__' and length({{ first }}) <= 4 and {{ rest }} not like '%:%'
                then cast({{ first }} as integer) * 3600.0
                    + cast({{ second }} as integer) * 60
            when {{ x }} not like '%:%' and length({{ x }}) between 1 and 12
                then cast({{ x }} as bigint) / 1000.0
        end
{%- endmacro %}
