{#- Order of dates and decimal mark that the values of a file show, NULL where none
    does, or where they contradict each other; and whether any shows it: `shows_dmy`,
    `shows_mdy`, `shows_comma`, `shows_point`. A whole select by `shown_file_id`. -#}
{% macro shown_notation(bronze, money, times) -%}
{%- set pairs = [
    ('dmy', 'mdy', 'dmy', 'mdy', 'date_order', times),
    ('comma', 'point', ',', '.', 'decimal_mark', money),
] -%}
select
        _file_id as shown_file_id
        {%- for one, other, first, second, name, columns in pairs %},
        case max(_shows_{{ one }}) - max(_shows_{{ other }})
            when 1 then '{{ first }}'
            when -1 then '{{ second }}'
        end as {{ name }},
        max(_shows_{{ one }}) as shows_{{ one }},
        max(_shows_{{ other }}) as shows_{{ other }}
        {%- endfor %}
    from (
        select
            _file_id
            {%- for one, other, first, second, name, columns in pairs %}
            {%- for way in [first, second] %},
            {{ shown_notation__any(columns, way) }}
                as _shows_{{ one if way == first else other }}
            {%- endfor %}
            {%- endfor %}
        from {{ bronze }}
        where _file_id > {{ watermark() }}
        {{ cleaning.computed_once() }}
    ) as _values
    group by _file_id
{%- endmacro %}


{#- 1 if any of the columns shows that its file is written in a way, else 0. -#}
{% macro shown_notation__any(columns, way) -%}
{%- if not columns -%}
0
{%- else -%}
{%- set name = {'dmy': 'shows_day_first', 'mdy': 'shows_month_first',
    ',': 'shows_comma', '.': 'shows_point'}[way] -%}
case
                when
                    {%- for column in columns %}
                    {{ 'or ' if not loop.first }}
                    {%- if way in ',.' -%}
                    {%- set other = ',' if way == '.' else '.' -%}
                    {{ cleaning.session_function(
                        name, [column], shown_notation__of_number, [way], [way],
                        column ~ " not like '%" ~ way ~ "%' and " ~ column
                            ~ " not like '%" ~ other ~ '%' ~ other ~ "%'", 'false'
                    ) }}
                    {%- else -%}
                    {{ cleaning.session_function(
                        name, [column], shows_day_first if way == 'dmy' else shows_month_first,
                        unless=column ~ " glob '[12][0-9][0-9][0-9]-*' or "
                            ~ column ~ " not glob '*[-/]*'", value='false'
                    ) }}
                    {%- endif %}
                    {%- endfor %}
                    then 1
                else 0
            end
{%- endif -%}
{%- endmacro %}


{% macro shows_day_first(x) -%}
  {{ return(adapter.dispatch('shows_day_first', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro sqlite__shows_day_first(x) -%}
{{ x }} glob '1[3-9]/[0-9]*' or {{ x }} glob '2[0-9]/[0-9]*'
                or {{ x }} glob '3[01]/[0-9]*'
                or {{ x }} glob '[123][0-9]-[0-9]*-[12][0-9][0-9][0-9]*'
                and substr({{ x }}, 1, 2) between '13' and '31'
{%- endmacro %}


{% macro default__shows_day_first(x) -%}
{{ cleaning.is_matched(
    x, "'^(1[3-9]|2[0-9]|3[01])(/[0-9]|-[0-9]+-[12][0-9]{3})'"
) }}
{%- endmacro %}


{% macro shows_month_first(x) -%}
  {{ return(adapter.dispatch('shows_month_first', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro sqlite__shows_month_first(x) -%}
substr({{ x }}, instr({{ x }}, '/') + 1, 2) between '13' and '31'
                and {{ x }} glob '[0-9]*/[0-9][0-9]/[0-9]*'
                and instr({{ x }}, '/') < 4
                or {{ x }} glob '[01][0-9]-[123][0-9]-[12][0-9][0-9][0-9]*'
                and substr({{ x }}, 4, 2) between '13' and '31'
{%- endmacro %}


{% macro default__shows_month_first(x) -%}
{{ cleaning.is_matched(
    x,
    "'^[0-9]{1,2}(/(1[3-9]|2[0-9]|3[01])/[0-9]|-(1[3-9]|2[0-9]|3[01])-[12][0-9]{3})'"
) }}
{%- endmacro %}


{#- Text with a mark in it, such as `Nr.5` or `2.5k`, shows nothing. -#}
{% macro shown_notation__of_number(x, mark) -%}
({{ shows_decimal_mark(x, mark) }})
                and (trim({{ x }}, '0123456789') in ('.', ',') or {{ is_number(x) }})
{%- endmacro %}


{% macro shows_decimal_mark(x, mark) -%}
  {{ return(
      adapter.dispatch('shows_decimal_mark', 'revenue_warehouse')(x, mark)
  ) }}
{%- endmacro %}


{% macro sqlite__shows_decimal_mark(x, mark) -%}
{%- set other = ',' if mark == '.' else '.' -%}
{{ x }} glob '*[0-9]{{ mark }}[0-9][0-9]'
                or {{ x }} glob '*[0-9]{{ mark }}[0-9]'
                or {{ x }} glob '*[0-9]{{ mark }}[0-9][^0-9.,]*'
                or {{ x }} glob '*[0-9]{{ mark }}[0-9][0-9][^0-9.,]*'
                or {{ x }} glob '0{{ mark }}[0-9]*'
                or {{ x }} glob '*[0-9][0-9][0-9][0-9]{{ mark }}[0-9]*'
                or {{ x }} glob '*[0-9]{{ other }}[0-9][0-9][0-9][{{ mark }}{{ other }}][0-9]*'
{%- endmacro %}


{% macro default__shows_decimal_mark(x, mark) -%}
{%- set other = ',' if mark == '.' else '.' -%}
{{ cleaning.is_matched(
    x,
    "'[0-9][" ~ mark ~ "][0-9]{1,2}([^0-9.,].*)?$|^0[" ~ mark
    ~ "][0-9]|[0-9]{4}[" ~ mark ~ "][0-9]|[0-9][" ~ other ~ "][0-9]{3}[.,][0-9]'"
) }}
{%- endmacro %}
