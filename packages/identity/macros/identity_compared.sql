{#-
    What the comparison of `step_pairs` finds, see identity_patterns: steps and, at
    the end, a select.
-#}
{% macro identity_compared(entity, records, values) -%}
    {{ return(adapter.dispatch('identity_compared', 'identity')(
        entity, records, values
    )) }}
{%- endmacro %}


{% macro default__identity_compared(entity, records, values) -%}
{{ identity.identity_sides(entity, records, values) }}
{{ identity.identity_patterns(entity, 'step_pairs', 'step_sides') }}
{%- endmacro %}


{#- DuckDB keeps all that it joins in memory: it gets some 50,000 pairs at a time, of
    very many some more. -#}
{% macro duckdb__identity_compared(entity, records, values) -%}
{{ identity.identity_sides(entity, records, values) }}
{% call identity.step_table('step_slices') %}
    with recursive

    slices (slice, slice_count) as (
        select 0, 1 + cast(least(count(*) / 50000, 20) as integer)
        from step_pairs
        union all
        select slice + 1, slice_count from slices
        where slice + 1 < slice_count
    )

    select slice, slice_count from slices
{% endcall %}
{% call identity.step_table('step_found') %}
    select
        record_a,
        record_b,
        '' as pattern,
        cast(0 as integer) as rarity
    from step_pairs
    where 1 = 0
{% endcall %}
{% call identity.step_repeat(until='select 1 from step_slices limit 1') %}
{% call identity.step_table('step_slice') %}
    select pairs.record_a, pairs.record_b
    from step_pairs as pairs
    inner join (
        select min(slice) as slice, min(slice_count) as slice_count
        from step_slices
    ) as slices on pairs.record_a % slices.slice_count = slices.slice
{% endcall %}
{{ identity.step(
    'insert into step_found '
    ~ identity.identity_patterns(entity, 'step_slice', 'step_sides')
) }}
{{ identity.step('delete from step_slices'
    ~ ' where slice = (select min(slice) from step_slices)') }}
{% endcall %}
select record_a, record_b, pattern, rarity from step_found
{%- endmacro %}
