{#- A join with the elements of a JSON array, each in `<alias>.value`: a
    string without its quotes, anything else as JSON text. -#}
{% macro json_elements(column, alias) -%}
  {{ return(
      adapter.dispatch('json_elements', 'revenue_warehouse')(column, alias)
  ) }}
{%- endmacro %}


{% macro sqlite__json_elements(column, alias) -%}
cross join json_each({{ column }}) as {{ alias }}
{%- endmacro %}


{% macro default__json_elements(column, alias) -%}
cross join lateral (
        select element.value ->> '$' as value
        from unnest(cast({{ column }} as json[])) as element (value)
    ) as {{ alias }}
{%- endmacro %}


{% macro postgres__json_elements(column, alias) -%}
cross join lateral (
        select element.value
        from json_array_elements_text(cast({{ column }} as json)) as element (value)
    ) as {{ alias }}
{%- endmacro %}


{% macro spark__json_elements(column, alias) -%}
cross join lateral (
        select explode(from_json({{ column }}, 'array<string>')) as value
    ) as {{ alias }}
{%- endmacro %}
