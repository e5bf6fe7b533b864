{#- The value at a path of a JSON object, as text; the path is an expression. -#}
{% macro json_at(expression, path) -%}
  {{ return(adapter.dispatch('json_at', 'revenue_warehouse')(expression, path)) }}
{%- endmacro %}


{% macro sqlite__json_at(expression, path) -%}
json_extract({{ expression }}, {{ path }})
{%- endmacro %}


{% macro default__json_at(expression, path) -%}
json_extract_string({{ expression }}, {{ path }})
{%- endmacro %}


{% macro postgres__json_at(expression, path) -%}
(jsonb_path_query_first(
        cast({{ expression }} as jsonb), cast({{ path }} as jsonpath)
    ) #>> '{}')
{%- endmacro %}


{#- Spark writes a key with blanks as ['a key'], the others as "a key". -#}
{% macro spark__json_at(expression, path) -%}
get_json_object({{ expression }}, case
            when {{ path }} like '$."%"'
                then '$[''' || substr({{ path }}, 4, length({{ path }}) - 4) || ''']'
            else {{ path }}
        end)
{%- endmacro %}
