{#- A JSON object as text, from a mapping of key to SQL expression. -#}
{% macro json_object_text(pairs) -%}
  {{ return(adapter.dispatch('json_object_text', 'revenue_warehouse')(pairs)) }}
{%- endmacro %}


{% macro sqlite__json_object_text(pairs) -%}
json_object(
{%- for key, value in pairs.items() -%}
'{{ key }}', {{ value }}{{ ', ' if not loop.last }}
{%- endfor -%}
)
{%- endmacro %}


{% macro default__json_object_text(pairs) -%}
cast({{ revenue_warehouse.sqlite__json_object_text(pairs) }} as text)
{%- endmacro %}


{% macro postgres__json_object_text(pairs) -%}
'{' ||
{%- for key, value in pairs.items() %} '"{{ key }}":' || {{ postgres__json_text(value) }} ||
{{- " ',' ||" if not loop.last }}
{%- endfor %} '}'
{%- endmacro %}


{#- Fields that are NULL are written, too: a setting of the session. -#}
{% macro spark__json_object_text(pairs) -%}
to_json(named_struct(
{%- for key, value in pairs.items() -%}
'{{ key }}', {{ value }}{{ ', ' if not loop.last }}
{%- endfor -%}
))
{%- endmacro %}
