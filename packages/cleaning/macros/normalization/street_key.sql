{#- A street line for comparison: capitals, no marks, types and directions in their
    short form. -#}
{% macro street_key(x) -%}
{{ cleaning.session_function('street_key', [x], cleaning.street_key__of) }}
{%- endmacro %}


{% macro street_key__of(x) -%}
{%- set short = {
    'STREET': 'ST', 'AVENUE': 'AVE', 'BOULEVARD': 'BLVD', 'ROAD': 'RD',
    'DRIVE': 'DR', 'LANE': 'LN', 'COURT': 'CT', 'PLACE': 'PL',
    'PARKWAY': 'PKWY', 'TERRACE': 'TER', 'TRAIL': 'TRL', 'CIRCLE': 'CIR',
    'HIGHWAY': 'HWY', 'NORTH': 'N', 'SOUTH': 'S', 'EAST': 'E', 'WEST': 'W',
} -%}
{%- set olds = ['.', ',', '-', '  ', '  '] -%}
{%- set news = ['', ' ', ' ', ' ', ' '] -%}
{%- for word, form in short.items() -%}
  {%- do olds.append(' ' ~ word ~ ' ') -%}
  {%- do news.append(' ' ~ form ~ ' ') -%}
{%- endfor -%}
nullif(trim({{ cleaning.replace_each(
    "' ' || " ~ cleaning.upper_text(x) ~ " || ' '", olds, news
) }}, ' '), '')
{%- endmacro %}
