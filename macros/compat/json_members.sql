{#- A join with the members of a JSON object, each in `<alias>.key` and
    `<alias>.value`, strings without their quotes. -#}
{% macro json_members(column, alias) -%}
  {{ return(
      adapter.dispatch('json_members', 'revenue_warehouse')(column, alias)
  ) }}
{%- endmacro %}


{% macro sqlite__json_members(column, alias) -%}
cross join json_each({{ column }}) as {{ alias }}
{%- endmacro %}


{% macro default__json_members(column, alias) -%}
cross join lateral (
        select
            member.key,
            member.value
        from unnest(map_entries(
            cast(cast({{ column }} as json) as map(varchar, varchar))
        )) as members (member)
    ) as {{ alias }}
{%- endmacro %}


{% macro postgres__json_members(column, alias) -%}
cross join lateral (
        select
            member.key,
            member.value
        from json_each_text(cast({{ column }} as json)) as member (key, value)
    ) as {{ alias }}
{%- endmacro %}


{% macro spark__json_members(column, alias) -%}
cross join lateral (
        select inline(map_entries(from_json({{ column }}, 'map<string,string>')))
    ) as {{ alias }}
{%- endmacro %}
