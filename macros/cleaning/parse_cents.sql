{#-
    An amount of money in any of the common notations as whole cents, or NULL.
    Rounded half away from zero, in text and integers: no float ever sees it.
-#}
{% macro parse_cents(x, decimal_mark='.') -%}
(
    select
        case
            when length(halves.whole) <= 15
                then
                    (
                        cast(
                            halves.whole
                            || substr(halves.fraction || '00', 1, 2) as bigint
                        )
                        + case
                            when substr(halves.fraction, 3, 1) >= '5' then 1
                            else 0
                        end
                    )
                    * halves.sign
        end
    from (
        select
            case when plain.v like '-%' then -1 else 1 end as sign,
            case
                when plain.v like '%.%'
                    then ltrim(
                        substr(plain.v, 1, {{ position_of('.', 'plain.v') }} - 1),
                        '-'
                    )
                else ltrim(plain.v, '-')
            end as whole,
            case
                when plain.v like '%.%'
                    then substr(plain.v, {{ position_of('.', 'plain.v') }} + 1)
                else ''
            end as fraction
        from (
            select {{ plain_number(x, decimal_mark, currency_signs()) }} as v
        ) as plain
        limit 1
    ) as halves
)
{%- endmacro %}
