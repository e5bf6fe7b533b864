{#- A join with the keys of a JSON object, each in `<alias>.key`. -#}
{% macro json_keys(column, alias) -%}
  {{ return(adapter.dispatch('json_keys', 'revenue_warehouse')(column, alias)) }}
{%- endmacro %}


{% macro sqlite__json_keys(column, alias) -%}
cross join json_each({{ column }}) as {{ alias }}
{%- endmacro %}


{% macro default__json_keys(column, alias) -%}
cross join lateral (
        select name.key from unnest(json_keys({{ column }})) as name (key)
    ) as {{ alias }}
{%- endmacro %}


{% macro postgres__json_keys(column, alias) -%}
cross join lateral (
        select name.key
        from json_object_keys(cast({{ column }} as json)) as name (key)
    ) as {{ alias }}
{%- endmacro %}


{% macro spark__json_keys(column, alias) -%}
cross join lateral (
        select explode(json_object_keys({{ column }})) as key
    ) as {{ alias }}
{%- endmacro %}
