{#-
    A step that makes `step_powers`, the powers of two by hundredths: engines
    need not have logarithms, and all find the same ones. What is below the
    least power counts as that.
-#}
{% macro step_powers() -%}
    {% call identity.step_table('step_powers', indexes=['power', 'centibits']) %}
    with recursive

    powers (centibits, power) as (
        select 0, cast(1 as {{ logical_type('double') }})
        union all
        -- the hundredth root of two
        select centibits + 1, power * 1.0069555500567189 from powers
        where centibits < 4000
    )

    select centibits, power from powers
    union all
    select -centibits as centibits, 1 / power as power from powers
    where centibits > 0
    {% endcall %}
{%- endmacro %}


{#- The logarithm of a number to the base of two, in hundredths. -#}
{% macro centibits_of(number) -%}
coalesce((
    select step_powers.centibits from step_powers
    where step_powers.power <= {{ number }}
    order by step_powers.power desc
    limit 1
), -4000)
{%- endmacro %}
