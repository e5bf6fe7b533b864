{#-
    A step that makes `step_powers`, the powers of two by hundredths: engines
    need not have logarithms, and all find the same ones. What is below the
    least power counts as that.
-#}
{% macro step_powers() -%}
    {% call identity.step_table('step_powers', indexes=['power', 'centibits']) %}
    {{ adapter.dispatch('step_powers__from_one', 'identity')() }}

    powers as (
        select
            100 * doubled.number + roots.number as centibits,
            doubled.power * roots.power as power
        from doubled
        cross join roots
        where 100 * doubled.number + roots.number <= 4000
    )

    select centibits, power from powers
    union all
    select -centibits as centibits, 1 / power as power from powers
    where centibits > 0
    {% endcall %}
{%- endmacro %}


{% macro default__step_powers__from_one() -%}
    with recursive

    doubled (number, power) as (
        select 0, cast(1 as {{ logical_type('double') }})
        union all
        select number + 1, power * 2 from doubled
        where number < 40
    ),

    roots (number, power) as (
        select 0, cast(1 as {{ logical_type('double') }})
        union all
        -- the hundredth root of two
        select number + 1, power * 1.0069555500567189 from roots
        where number < 99
    ),
{%- endmacro %}


{#- Spark plans a recursion anew for each row. -#}
{% macro spark__step_powers__from_one() -%}
    with

    doubled as (
        {{ identity.spark__step_powers__times(40, '2') }}
    ),

    roots as (
        -- the hundredth root of two
        {{ identity.spark__step_powers__times(99, '1.0069555500567189') }}
    ),
{%- endmacro %}


{% macro spark__step_powers__times(most, factor) -%}
        select pos as number, col as power
        from (select posexplode(aggregate(
            sequence(1, {{ most }}),
            array(cast(1 as double)),
            (_powers, _n) -> _powers || array(element_at(_powers, -1) * {{ factor }})
        ))) as numbers
{%- endmacro %}


{#- The logarithm of a number to the base of two, in hundredths. -#}
{% macro centibits_of(number) -%}
    {{ return(adapter.dispatch('centibits_of', 'identity')(number)) }}
{%- endmacro %}


{% macro default__centibits_of(number) -%}
coalesce((
    select step_powers.centibits from step_powers
    where step_powers.power <= {{ number }}
    order by step_powers.power desc
    limit 1
), -4000)
{%- endmacro %}


{#- Spark would look at all powers for each row. Its logarithm says near which three
    the number is; how many of these it reaches is what the others find. -#}
{% macro spark__centibits_of(number) -%}
{%- set near -%}
greatest(-3999, least(3999, cast(floor(100 * log2({{ number }})) as int)))
{%- endset -%}
case when {{ number }} > 0 then greatest(-4000, {{ near }} - 2
{%- for place in range(4000, 4003) %}
    + case when element_at(
        (select array_sort(collect_list(step_powers.power)) from step_powers),
        {{ near }} + {{ place }}
    ) <= {{ number }} then 1 else 0 end
{%- endfor %}
) else -4000 end
{%- endmacro %}
