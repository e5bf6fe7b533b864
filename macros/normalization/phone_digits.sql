{#-
    The digits that two ways of writing one telephone number share: the last
    nine of the number without its extension. NULL for fewer than seven, and
    for what is typed where a number is asked for (0000000, 123456789).
-#}
{% macro phone_digits(x) -%}
(
    with
    given as (select lower({{ x }}) as v),
    {#- An extension begins with x, ext or #, behind a whole number. #}
    halves as (
        select
            v,
            case
                when v like '%_______x%' or v like '%_______#%'
                    then {{ text_digits(
                        "substr(v, 1, case when v like '%x%' then "
                        ~ position_of("'x'", 'v') ~ " else "
                        ~ position_of("'#'", 'v') ~ ' end)'
                    ) }}
            end as head
        from given
    ),
    digits as (
        select case when length(head) >= 7 then head else {{ text_digits('v') }} end
            as v
        from halves
    ),
    kept as (
        select substr(v, case when length(v) > 9 then length(v) - 8 else 1 end)
            as v
        from digits
        where length(v) >= 7
    )
    select v
    from kept
    where
        replace(v, substr(v, length(v), 1), '') <> ''
        and v not in ('1234567', '12345678', '123456789', '234567890')
        and substr(v, 3) <> '0000000'
)
{%- endmacro %}
