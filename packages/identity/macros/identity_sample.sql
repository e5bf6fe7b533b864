{#-
    Steps that compare the pairs from which weights are learned. `step_found`
    then counts them by origin (candidate, random, related: of one firm or one
    last name, see identity_relation, or namesake), pattern and rounded rarity.
-#}
{% macro identity_sample(entity, records, values, candidates) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set relation = identity.identity_relation(fields) -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set has_namesakes = 'first_name' in kinds and 'last_name' in kinds
    and 'email' in kinds -%}
{% call identity.step_table('step_numbered', indexes=['place']) %}
    select
        record_number,
        row_number() over (order by record_number) as place
    from {{ records }}
{% endcall %}
{#- Of how many candidates, and of how many records, one is taken. #}
{% call identity.step_table('step_size') %}
    select
        records.record_count,
        1 + cast((pairs.pair_count - pairs.pair_count % 100000) / 100000
            as integer) as candidates_of,
        1 + cast((records.record_count - records.record_count % 30000) / 30000
            as integer) as related_of
    from (select count(*) as record_count from step_numbered) as records
    cross join (select count(*) as pair_count from {{ candidates }}) as pairs
{% endcall %}
{% call identity.step_table('step_sample') %}
    with recursive

    counts (n) as (
        select 0
        union all
        select n + 1 from counts
        where n < 199
    ),

    {#- DuckDB takes as long for a round of one row as for one of thousands #}
    draws as (

        select one.n * 200 + other.n + 1 as draw
        from counts as one
        cross join counts as other

    ),

    {#- a prime beyond the number of draws #}
    drawn as (

        select
            1 + (draws.draw * 48271 % 1000003) % size.record_count as place_a,
            1 + (draws.draw * 7919 % 1000003) % size.record_count as place_b
        from draws
        cross join step_size as size
        where size.record_count > 1

    ),

    {#- few records make the same pairs again and again: compared once #}
    counted as (

        select place_a, place_b, count(*) as pair_count
        from drawn
        where place_a <> place_b
        group by place_a, place_b

    )

    select
        one.record_number as record_a,
        other.record_number as record_b,
        'random' as origin,
        counted.pair_count
    from counted
    inner join step_numbered as one on counted.place_a = one.place
    inner join step_numbered as other on counted.place_b = other.place
    {%- if relation %}
    union all
    select
        record_a,
        record_b,
        'related' as origin,
        1 as pair_count
    from (
        select
            record_number as record_a,
            lead(record_number) over (
                partition by {{ relation.field }}
                order by record_number % 10007 * 7919 % 10007, record_number
            ) as record_b
        from {{ records }}
        where {{ relation.field }} is not null
    ) as neighbours
    where
        record_b is not null
        and record_a % (select related_of from step_size) = 0
    {%- endif %}
    {%- if has_namesakes %}
    union all
    select
        record_a,
        record_b,
        'namesake' as origin,
        1 as pair_count
    from (
        select
            record_number as record_a,
            lead(record_number) over (
                partition by first_name, last_name
                order by record_number % 10007 * 7919 % 10007, record_number
            ) as record_b
        from {{ records }}
        where first_name || last_name is not null
    ) as neighbours
    where
        record_b is not null
        and record_a % (select related_of from step_size) = 0
    {%- endif %}
{% endcall %}
{{ identity.identity_sides(entity, records, values, 'step_sample') }}
{% call identity.step_table('step_compared') %}
    {{ identity.identity_patterns(
        entity, 'step_sample', 'step_sides', keep=['origin', 'pair_count']
    ) }}
{% endcall %}
{% call identity.step_table('step_found') %}
    select
        origin,
        pattern,
        200 * {{ cleaning.nearest('rarity / 200.0') }} as rarity,
        sum(pair_count) as pair_count
    from (
        select origin, pattern, rarity, pair_count from step_compared
        {%- if relation %}
        where
            origin in ('random', 'namesake')
            {#- two of a group are two persons where their names say so #}
            or (
                substr(pattern, 1, 1) = '{{ relation.letter }}'
                {%- for field in fields if field.kind in relation.apart %}
                and substr(pattern, {{ field.position }}, 1) = 'd'
                {%- endfor %}
            )
        {%- endif %}
        union all
        select 'candidate' as origin, pattern, rarity, 1 as pair_count
        from {{ candidates }}
        where record_a % (select candidates_of from step_size) = 0
    ) as compared
    group by origin, pattern, 200 * {{ cleaning.nearest('rarity / 200.0') }}
{% endcall %}
{%- endmacro %}
