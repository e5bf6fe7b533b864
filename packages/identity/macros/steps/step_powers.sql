{#-
    A step that makes `step_powers`, the powers of two by hundredths: engines
    need not have logarithms, and all find the same ones. What is below the
    least power counts as that.
-#}
{% macro step_powers() -%}
    {% call identity.step_table('step_powers', indexes=['power', 'centibits']) %}
    {{ adapter.dispatch('step_powers__from_one', 'identity')() }}

    select centibits, power from powers
    union all
    select -centibits as centibits, 1 / power as power from powers
    where centibits > 0
    {% endcall %}
{%- endmacro %}


{% macro default__step_powers__from_one() -%}
    with recursive

    powers (centibits, power) as (
        select 0, cast(1 as {{ logical_type('double') }})
        union all
        -- the hundredth root of two
        select centibits + 1, power * 1.0069555500567189 from powers
        where centibits < 4000
    )
{%- endmacro %}


{#- Spark plans a recursion anew for each row. -#}
{% macro spark__step_powers__from_one() -%}
    with
    powers as (
        select
            centibits,
            aggregate(
                slice(sequence(0, centibits), 2, centibits),
                cast(1 as double),
                (_power, _n) -> _power * 1.0069555500567189
            ) as power
        from (select explode(sequence(0, 4000)) as centibits) as numbers
    )
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
