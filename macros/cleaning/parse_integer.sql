{#- A whole number in any of the common notations, or NULL: 12.0 is 12. -#}
{% macro parse_integer(x, decimal_mark='.') -%}
(
    select
        case
            when length(trimmed.v) > 18 then null
            when trimmed.v like '%.%' then null
            else cast(trimmed.v as bigint)
        end
    from (
        select
            case
                when plain.v like '%.%' then rtrim(rtrim(plain.v, '0'), '.')
                else plain.v
            end as v
        from (select {{ plain_number(x, decimal_mark) }} as v) as plain
        limit 1
    ) as trimmed
)
{%- endmacro %}
