{#- A whole number in any of the common notations, or NULL: 12.0 is 12. -#}
{% macro parse_integer(x, decimal_mark='.') -%}
(
    with
    plain as (
        select {{ plain_number(x, decimal_mark) }} as v {{ computed_once() }}
    ),
    whole as (
        select
            case
                when v like '%.%' then rtrim(rtrim(v, '0'), '.')
                else v
            end as v
        from plain
        {{ computed_once() }}
    )
    select cast(v as bigint)
    from whole
    where v not like '%.%' and length(ltrim(v, '-0')) <= 18
)
{%- endmacro %}
