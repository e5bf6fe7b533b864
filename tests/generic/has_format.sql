{#- Fails for values that are not in the named form; NULL passes. The cleaning
    macro of a form returns a well-formed value as it is and nothing else. -#}
{% test has_format(model, column_name, format) %}
{%- set given = 'given.value' -%}
{%- set forms = {
    'email': clean_email(given),
    'e164': "'+' || case when length(" ~ given ~ ') between 6 and 19 then '
        ~ text_digits(given) ~ ' end',
    'domain': clean_domain(given),
    'iso_date': parse_date(given),
    'iso_timestamp': parse_timestamp(given),
    'country_code': 'case when length(' ~ given ~ ') = 2'
        ~ ' and substr(' ~ given ~ ", 1, 1) between 'A' and 'Z'"
        ~ ' and substr(' ~ given ~ ", 2, 1) between 'A' and 'Z'"
        ~ ' then ' ~ given ~ ' end',
} -%}
{%- if format not in forms -%}
  {%- do exceptions.raise_compiler_error(
      'has_format: format must be one of ' ~ forms | join(', ')
      ~ ', got: ' ~ format
  ) -%}
{%- endif %}

select given.value
from (select {{ column_name }} as value from {{ model }}) as given
where
    given.value is not null
    and given.value is distinct from {{ forms[format] }}

{% endtest %}
