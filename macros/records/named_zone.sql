{#- The time zone of a time: the one behind it, that of a column beside it, or that of
    its file (`_time_zone`). UTC for a date, and for a time with an offset of its own. -#}
{% macro named_zone(x, beside=none) -%}
{{ cleaning.session_function('named_zone', [
    x, 'coalesce(' ~ beside ~ ', _time_zone)' if beside else '_time_zone'
], named_zone__of, unless=x ~ " not like '%:%'", value="'UTC'") }}
{%- endmacro %}


{% macro named_zone__of(x, other) -%}
case
        when {{ x }} not like '%:%' or {{ has_zone(x) }} then 'UTC'
        {%- for length, zones in zone_abbreviations().items() %}
        when lower({{ cleaning.text_end(x, length + 1) }}) in (
            ' {{ zones | join("', ' ") }}'
        )
            then upper({{ cleaning.text_end(x, length) }})
        {%- endfor %}
        else {{ other }}
    end
{%- endmacro %}
