{#- The value of a key of a JSON object, as text. -#}
{% macro json_value(expression, key) -%}
  {{ return(
      adapter.dispatch('json_value', 'revenue_warehouse')(expression, key)
  ) }}
{%- endmacro %}


{% macro default__json_value(expression, key) -%}
({{ expression }} ->> '$.{{ key }}')
{%- endmacro %}


{% macro sqlite__json_value(expression, key) -%}
json_extract({{ expression }}, '$.{{ key }}')
{%- endmacro %}


{#- The key may have a path behind it: `ids[0]`. -#}
{% macro postgres__json_value(expression, key) -%}
{%- set name, place = (key.rstrip(']').split('[') + [none])[:2] -%}
(cast({{ expression }} as json) {{ '->' if place else '->>' }} '{{ name }}'
{%- if place %} ->> {{ place }}{% endif %})
{%- endmacro %}


{% macro spark__json_value(expression, key) -%}
get_json_object({{ expression }}, '$.{{ key }}')
{%- endmacro %}
