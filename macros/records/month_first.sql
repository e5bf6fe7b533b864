{#- A date with day and month exchanged, if both are numbers before a year or a year of
    two digits; any other text as it is. -#}
{% macro month_first(x) -%}
  {{ return(adapter.dispatch('month_first', 'revenue_warehouse')(x)) }}
{%- endmacro %}


{% macro default__month_first(x) -%}
regexp_replace(
                {{ x }}, '^([0-9]{1,2})([/-])([0-9]{1,2})([/-][0-9]{2})', '\3\2\1\4'
            )
{%- endmacro %}


{% macro sqlite__month_first(x) -%}
(
    with
    given as not materialized (select {{ x }} as v),
    marked as (
        select
            v,
            case
                when v glob '[0-9]/*' or v glob '[0-9]-*' then 2
                when v glob '[0-9][0-9]/*' or v glob '[0-9][0-9]-*' then 3
            end as first,
            case
                when v glob '?[-/]?[-/]*' then 4
                when v glob '??[-/]?[-/]*' or v glob '?[-/]??[-/]*' then 5
                when v glob '??[-/]??[-/]*' then 6
            end as second
        from given
        limit 1
    )
    select
        case
            when
                first is not null and second is not null
                and substr(v, first + 1, second - first - 1) not glob '*[^0-9]*'
                and substr(v, second + 1) glob '[0-9][0-9]*'
                then
                    substr(v, first + 1, second - first - 1)
                    || substr(v, first, 1) || substr(v, 1, first - 1)
                    || substr(v, second)
            else v
        end
    from marked
)
{%- endmacro %}
