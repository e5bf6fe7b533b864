{#- A ZIP code as its five digits, or NULL: ZIP+4 is cut, with its dash or without,
    a number read as one (`98311.0`) loses its fraction, and zeros that a
    spreadsheet took from the front come back. Zeros alone are no code. -#}
{% macro us_zip(x) -%}
    {{ return(adapter.dispatch('us_zip', 'cleaning')(x)) }}
{%- endmacro %}


{% macro default__us_zip(x) -%}
nullif(lpad(nullif({{ cleaning.matched_part(
    "regexp_replace(trim(" ~ x ~ ", ' '), '^([0-9]{5})([0-9]{4})$', '\\1-\\2')",
    "'^([0-9]{3,5})(-[0-9]{4}|[.]0+)?$'"
) }}, ''), 5, '0'), '00000')
{%- endmacro %}


{% macro spark_strict__us_zip(x) -%}
{{ cleaning.session_function(
    'us_zip', [x], cleaning.default__us_zip
) }}
{%- endmacro %}


{% macro sqlite__us_zip(x) -%}
{{ cleaning.sqlite_shortcut(
    x, x ~ " glob '[0-9][0-9][0-9][0-9][0-9]'", "nullif(" ~ x ~ ", '00000')",
    'us_zip', cleaning.sqlite__zip
) }}
{%- endmacro %}


{% macro sqlite__zip(x) -%}
case
    when {{ x }} glob '[0-9][0-9][0-9][0-9][0-9]'
        then nullif({{ x }}, '00000')
    when length(trim({{ x }}, ' ')) = 9 and trim({{ x }}, ' ') not glob '*[^0-9]*'
        then nullif(substr(trim({{ x }}, ' '), 1, 5), '00000')
    when
        (
            {{ cleaning.sqlite__from_mark(x) }} = ''
            or {{ cleaning.sqlite__from_mark(x) }} glob '-[0-9][0-9][0-9][0-9]'
            or (
                {{ cleaning.sqlite__from_mark(x) }} glob '.0*'
                and trim(substr({{ cleaning.sqlite__from_mark(
                    x
                ) }}, 2), '0') = ''
            )
        )
        and length({{ cleaning.sqlite__before_mark(x) }}) between 3 and 5
        and {{ cleaning.sqlite__before_mark(x) }} not glob '*[^0-9]*'
        then nullif(
            substr('00' || {{ cleaning.sqlite__before_mark(x) }}, -5), '00000'
        )
end
{%- endmacro %}


{#- The text before the first dash or dot. -#}
{% macro sqlite__before_mark(x) -%}
substr(
    trim({{ x }}, ' '), 1, instr(replace(trim({{ x }}, ' '), '.', '-') || '-', '-') - 1
)
{%- endmacro %}


{#- The rest, with its mark. -#}
{% macro sqlite__from_mark(x) -%}
substr(trim({{ x }}, ' '), length({{ cleaning.sqlite__before_mark(x) }}) + 1)
{%- endmacro %}
