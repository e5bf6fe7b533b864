{#- The age groups that a text names, as `infant, toddler, preschool, school_age`,
    or NULL. -#}
{% macro age_groups(x) -%}
nullif(substr(
    {%- for group in age_group_words() %}
    {{ '|| ' if not loop.first }}case when {{ names_age_group(x, group) }}
        then ', {{ group.name }}' else '' end
    {%- endfor %}, 3), '')
{%- endmacro %}


{#- In months. School age ends where federal child care does, before 13. -#}
{% macro age_group_words() -%}
  {{ return([
      {'name': 'infant', 'min': 0, 'max': 11, 'words': ['infant', 'baby']},
      {'name': 'toddler', 'min': 12, 'max': 23, 'words': ['toddler']},
      {
          'name': 'preschool', 'min': 24, 'max': 59,
          'words': ['preschool', 'pre-school', 'pre school', 'pre-k', 'prek'],
      },
      {'name': 'school_age', 'min': 60, 'max': 155, 'words': ['school']},
  ]) }}
{%- endmacro %}


{% macro names_age_group(x, group) -%}
(
    {%- if group.name == 'school_age' -%}
    {%- set x = "replace(replace(replace(lower(" ~ x ~ "), 'preschool', ''),"
        ~ " 'pre-school', ''), 'pre school', '')" -%}
    {%- endif -%}
    {%- for word in group.words -%}
    {{ ' or ' if not loop.first }}lower({{ x }}) like '%{{ word }}%'
    {%- endfor -%}
)
{%- endmacro %}
