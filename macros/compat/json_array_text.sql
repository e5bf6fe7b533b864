{#- A JSON array as text, from a list of SQL expressions. Unlike plain
    concatenation it separates NULL from empty and cannot run two values together. -#}
{% macro json_array_text(expressions) -%}
  {{ return(
      adapter.dispatch('json_array_text', 'revenue_warehouse')(expressions)
  ) }}
{%- endmacro %}


{% macro sqlite__json_array_text(expressions) -%}
json_array({{ expressions | join(', ') }})
{%- endmacro %}


{% macro default__json_array_text(expressions) -%}
cast(json_array({{ expressions | join(', ') }}) as text)
{%- endmacro %}


{#- PostgreSQL's own arrays have a blank after each comma. -#}
{% macro postgres__json_array_text(expressions) -%}
'[' ||
{%- for expression in expressions %} {{ postgres__json_text(expression) }} ||
{{- " ',' ||" if not loop.last }}
{%- endfor %} ']'
{%- endmacro %}


{#- A value as JSON. A literal has no type by itself. -#}
{% macro postgres__json_text(expression) -%}
{%- set is_literal = modules.re.fullmatch("'([^']|'')*'|null", expression | trim) -%}
coalesce(cast(to_json({{ 'cast(' ~ expression ~ ' as text)' if is_literal
    else expression }}) as text), 'null')
{%- endmacro %}


{#- What Spark writes of a list of one, without its brackets. -#}
{% macro spark__json_array_text(expressions) -%}
'[' ||
{%- for expression in expressions %} {{ cleaning.session_function(
    'json_text', [expression], spark__json_text
) }} ||
{{- " ',' ||" if not loop.last }}
{%- endfor %} ']'
{%- endmacro %}


{% macro spark__json_text(x) -%}
list_transform(
        [to_json(array({{ x }}))], lambda _j: substr(_j, 2, length(_j) - 2)
    )[1]
{%- endmacro %}
