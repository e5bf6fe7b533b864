{#- The condition that a date in numbers could be read with the day or the month first
    and would be another day. -#}
{% macro is_either_way(x) -%}
{{ cleaning.session_function(
    'is_either_way', [x], is_either_way__of,
    unless=x ~ " glob '[12][0-9][0-9][0-9]*' or " ~ x ~ " not glob '*[-/]*'",
    value='false'
) }}
{%- endmacro %}


{% macro is_either_way__of(x) -%}
{%- set date = "replace(ltrim(" ~ x ~ ", ' '''), '-', '/')" -%}
{%- set first = cleaning.text_before(date, '/') -%}
{%- set second = cleaning.text_before(cleaning.text_after(date, '/'), '/') -%}
{%- set months = [] -%}
{%- for month in range(1, 13) -%}
  {%- do months.append(month | string) -%}
  {%- if month < 10 -%}{%- do months.append('0' ~ month) -%}{%- endif -%}
{%- endfor -%}
(
    {{ first }} in ('{{ months | join("', '") }}')
    and {{ second }} in ('{{ months | join("', '") }}')
    and ltrim({{ first }}, '0') <> ltrim({{ second }}, '0')
)
{%- endmacro %}
