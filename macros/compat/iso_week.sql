{#- The ISO week of a date as YYYY-Www: that of its Thursday, and so is its
    year. -#}
{% macro iso_week(date_day) -%}
  {{ return(adapter.dispatch('iso_week', 'revenue_warehouse')(date_day)) }}
{%- endmacro %}


{#- SQLite knows %G and %V from 3.46 on only. -#}
{% macro sqlite__iso_week(date_day) -%}
{%- set thursday = 'date(' ~ date_day ~ ", '-3 days', 'weekday 4')" -%}
strftime('%Y', {{ thursday }}) || '-W' || substr(
            '0' || ((strftime('%j', {{ thursday }}) + 6) / 7), -2
        )
{%- endmacro %}


{% macro default__iso_week(date_day) -%}
strftime(cast({{ date_day }} as date), '%G-W%V')
{%- endmacro %}


{% macro postgres__iso_week(date_day) -%}
to_char(cast({{ date_day }} as date), 'IYYY"-W"IW')
{%- endmacro %}
