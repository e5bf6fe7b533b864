{#-
    The digits that two ways of writing one telephone number share: the last
    nine of the number without its extension. NULL for fewer than seven, and
    for what is typed where a form requires a number (0000000, 123456789).
-#}
{% macro phone_digits(x) -%}
{{ cleaning.session_function('phone_digits', [x], cleaning.phone_digits__of_all) }}
{%- endmacro %}


{% macro phone_digits__of_all(x) -%}
(
    with
    {#- Most numbers have no more than the usual marks. #}
    given as (
        select replace(replace(replace(replace(replace(replace(
            {{ cleaning.phone__of_float(x) }},
            '-', ''), ' ', ''), '.', ''), '(', ''), ')', ''), '+', '')
            as v
        {{ cleaning.computed_once() }}
    ),
    digits as (
        select case
            when v is null or rtrim(v, '0123456789') = '' then v
            else {{ cleaning.phone_digits__of_any('v') }}
        end as v
        from given
        {{ cleaning.computed_once() }}
    ),
    kept as (
        select substr(v, case when length(v) > 9 then length(v) - 8 else 1 end)
            as v
        from digits
        where length(v) >= 7
        {{ cleaning.computed_once() }}
    )
    select v
    from kept
    where
        replace(v, substr(v, length(v), 1), '') <> ''
        and v not in ('1234567', '12345678', '123456789', '234567890')
        and substr(v, 3) <> '0000000'
)
{%- endmacro %}


{#- An extension begins with x, ext or #, behind a whole number. -#}
{% macro phone_digits__of_any(x) -%}
(
    with
    halves as (
        select
            {{ x }} as whole,
            case
                when lower({{ x }}) like '%_______x%'
                    then {{ cleaning.text_digits(
                        cleaning.text_before('lower(' ~ x ~ ')', 'x')
                    ) }}
                when {{ x }} like '%_______#%'
                    then {{ cleaning.text_digits(
                        cleaning.text_before(x, '#')
                    ) }}
            end as head
    )
    select
        case when length(head) >= 7 then head else {{ cleaning.text_digits(
            'whole'
        ) }} end
    from halves
)
{%- endmacro %}
