{#- A share from 0 to 1 as text of a percentage, with up to four decimals. By its digits:
    as text of a floating-point number engines write 50 and 50.0. -#}
{% macro as_percent(value) -%}
{{ cleaning.session_function('as_percent', [value], as_percent__of) }}
{%- endmacro %}


{% macro as_percent__of(value) -%}
  {%- set share = "cast(replace(trim(" ~ value ~ ", ' '), ',', '.') as "
      ~ cleaning.double_type() ~ ')' -%}
  {%- set digits = 'cast(10000000 + cast('
      ~ cleaning.nearest(cleaning.as_double(share ~ ' * 1000000')) ~ ' as bigint) as text)'
  -%}
rtrim(rtrim(
                    cast(cast(substr({{ digits }}, 2, 3) as bigint) as text)
                    || '.' || substr({{ digits }}, 5), '0'
                ), '.')
{%- endmacro %}
