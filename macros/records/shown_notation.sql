{#- Order of dates and decimal mark that the values of a file show, for a select by
    file: NULL where none does, or where they contradict each other. And whether any
    shows it: `shows_dmy`, `shows_mdy`, `shows_comma`, `shows_point`. -#}
{% macro shown_notation(money, times) -%}
{%- set votes = {'dmy': [], 'mdy': [], ',': [], '.': []} -%}
{%- for name in times -%}
  {%- do votes.dmy.append(shows_day_first(name)) -%}
  {%- do votes.mdy.append(shows_month_first(name)) -%}
{%- endfor -%}
{%- for name in money -%}
  {%- do votes[','].append(shows_decimal_mark(name, ',')) -%}
  {%- do votes['.'].append(shows_decimal_mark(name, '.')) -%}
{%- endfor -%}
{%- set pairs = [['dmy', 'mdy', 'date_order'], [',', '.', 'decimal_mark']] -%}
{%- for one, other, name in pairs -%}
{%- if votes[one] -%}
case
            max(case when {{ votes[one] | join('\n                or ') }}
                then 1 else 0 end)
            - max(case when {{ votes[other] | join('\n                or ') }}
                then 1 else 0 end)
            when 1 then '{{ one }}'
            when -1 then '{{ other }}'
        end as {{ name }}
{%- for vote in [one, other] %},
        max(case when {{ votes[vote] | join('\n                or ') }}
            then 1 else 0 end) as shows_{{ {',': 'comma', '.': 'point'}.get(vote, vote) }}
{%- endfor %}
{%- else -%}
cast(null as text) as {{ name }}
{%- for vote in [one, other] %},
        0 as shows_{{ {',': 'comma', '.': 'point'}.get(vote, vote) }}
{%- endfor %}
{%- endif -%}
{{ ',\n        ' if not loop.last }}
{%- endfor -%}
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
