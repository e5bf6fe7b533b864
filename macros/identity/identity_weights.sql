{#-
    How much each finding of a comparison weighs, estimated from the records
    themselves (the model of Fellegi and Sunter): `match_share` is how often
    records of one person show it, `other_share` how often those of two do, and
    the weight is the logarithm of their ratio, in centibits. The former is
    learned from the candidates by expectation maximization; the latter from
    random pairs and, as colleagues and relatives share much without being one
    person, from random pairs of one firm or one last name.
-#}
{% macro identity_weights(entity, records, keys, values) -%}
{%- set fields = identity_fields(entity) -%}
{{ step_powers() }}
{{ identity_weights__sample(fields, records, keys) }}
{% call step_table('step_found') %}
    select
        origin,
        pattern,
        round(rarity / 100.0) as rarity_bits,
        count(*) as pair_count
    from (
        {{ identity_patterns(
            entity, 'step_sample', records, values, keep=['origin']
        ) }}
    ) as patterns
    group by origin, pattern, round(rarity / 100.0)
{% endcall %}
{{ identity_weights__others(fields, values) }}
{{ identity_weights__matches(fields) }}
select
    others.field,
    others.level,
    others.relation,
    matches.has_moved,
    matches.match_share,
    others.other_share,
    matches.centibits - others.centibits as weight
from step_others as others
inner join step_matches as matches
    on others.field = matches.field and others.level = matches.level
union all
{#- what a pair weighs before it is compared #}
select
    '' as field,
    '' as level,
    '' as relation,
    false as has_moved,
    match_share,
    1 - match_share as other_share,
    centibits as weight
from step_odds
{%- endmacro %}


{#- Pairs to learn from: candidates, random ones, and random ones of a group. -#}
{% macro identity_weights__sample(fields, records, keys) -%}
{%- set relation = identity_relation(fields) -%}
{% call step_table('step_numbered', indexes=['place']) %}
    select
        record_number,
        row_number() over (order by record_number) as place
    from {{ records }}
{% endcall %}
{#- of how many records one is taken, and how often each of these is paired #}
{% call step_table('step_size') %}
    select
        record_count,
        1 + cast((record_count - record_count % 60000) / 60000 as integer)
            as one_of,
        1 + cast((record_count - record_count % 100000) / 100000 as integer)
            as candidates_of
    from (select count(*) as record_count from step_numbered) as counted
{% endcall %}
{% call step_table('step_sample') %}
    with recursive

    rounds (round_number) as (
        select 1
        union all
        select round_number + 1 from rounds
        where
            round_number < 200
            and round_number * (select record_count from step_size) < 60000
    ),

    random as (

        select
            one.record_number as record_a,
            other.record_number as record_b
        from step_size as size
        inner join step_numbered as one on one.place % size.one_of = 0
        cross join rounds
        inner join step_numbered as other
            on
                other.place = 1 + (one.place * 7919 + rounds.round_number * 104729)
                % size.record_count
        where one.record_number <> other.record_number

    )

    select record_a, record_b, 'random' as origin from random
    union all
    select record_a, record_b, 'candidate' as origin
    from (
        {{ identity_candidates(
            keys, sample='(select candidates_of from step_size)'
        ) }}
    ) as candidates
    {%- if relation %}
    union all
    select record_a, record_b, 'related' as origin
    from (
        select
            record_number as record_a,
            lead(record_number) over (
                partition by {{ relation.field }}
                order by record_number * 7919 % 10007, record_number
            ) as record_b
        from {{ records }}
        where {{ relation.field }} is not null
    ) as neighbours
    where record_b is not null
    {%- endif %}
{% endcall %}
{%- endmacro %}


{#- How often the records of two persons show each finding. -#}
{% macro identity_weights__others(fields, values) -%}
{%- set relation = identity_relation(fields) -%}
{%- set relations = ['-'] + ([relation.letter] if relation else []) -%}
{%- set usual = {'n': 0.003, 's': 0.01, 'k': 0.002, 'i': 0.02, 'h': 0.0005,
    'm': 0.0005, 'o': 0.002, 'y': 0.02, 'w': 0.003, 'a': 0.05, 'e': 0.3,
    'x': 0.0001, 'd': 0.95} -%}
{%- set related = {'e': 0.5, 'n': 0.05, 's': 0.05, 'h': 0.2, 'o': 0.5,
    'a': 0.2, 'd': 0.4} -%}
{#- Two of a group are two persons where their first names say so. #}
{% call step_table('step_random') %}
    {%- for r in relations %}
    {{ 'union all' if not loop.first }}
    select
        '{{ r }}' as relation,
        pattern,
        sum(pair_count) as pair_count
    from step_found
    where
        {%- if r == '-' %}
        origin = 'random'
        {%- else %}
        origin = 'related'
        {%- for field in fields %}
        {%- if field.kind in relation.apart %}
        and substr(pattern, {{ field.position }}, 1) = 'd'
        {%- elif field.kind in ['date', 'identifier'] %}
        and substr(pattern, {{ field.position }}, 1) <> 'e'
        {%- endif %}
        {%- endfor %}
        {%- endif %}
    group by pattern
    {%- endfor %}
{% endcall %}
{% call step_table('step_chances') %}
    {#- that two random records agree in a field, as a logarithm #}
    select
        totals.field,
        {{ centibits_of(
            '(1000.0 * 1 / prior.one_in + coalesce(same.pair_count, 0))'
            ~ ' / (1000.0 + 1.0 * totals.record_count'
            ~ ' * (totals.record_count - 1))'
        ) }} as centibits
    from {{ values }} as totals
    inner join (
        {%- for field in fields if field.one_in %}
        {{ 'union all' if not loop.first }}
        select '{{ field.name }}' as field, {{ field.one_in }} as one_in
        {%- endfor %}
    ) as prior on totals.field = prior.field
    left join (
        select
            field,
            sum(1.0 * record_count * (record_count - 1)) as pair_count
        from {{ values }}
        where value <> ''
        group by field
    ) as same on totals.field = same.field
    where totals.value = ''
{% endcall %}
{% call step_table('step_others', indexes=['field, level']) %}
    select
        shares.field,
        shares.level,
        shares.relation,
        shares.other_share,
        {#- a slip in a rare name is rare: its rarity comes with the pair #}
        case
            when shares.level in ('e', 'x') and shares.is_rarity_apart then 0
            else
                {{ centibits_of('shares.other_share') }}
                - case
                    when
                        shares.level in ('n', 's', 'k')
                        and shares.is_rarity_apart
                        then coalesce(step_chances.centibits, 0)
                    else 0
                end
        end as centibits
    from (
        {%- for field in fields %}
        {%- set outer = loop %}
        {%- for r in relations %}
        {%- set alone = field.personal and r != '-' %}
        {%- for level in field.levels %}
        {%- set share = (related if r != '-' and not field.personal else usual)[level]
            or usual[level] %}
        {{ 'union all' if not (outer.first and loop.first and r == '-') }}
        select
            '{{ field.name }}' as field,
            '{{ level }}' as level,
            '{{ r }}' as relation,
            {{ (field.one_in is not none and field.one_in is defined
                and (r == '-' or field.personal or not field.moves)) | int }} = 1
                as is_rarity_apart,
            (100 * {{ share }} + coalesce(sum(
                case when substr(pattern, {{ field.position }}, 1) = '{{ level }}'
                    then pair_count end
            ), 0)) / (100 + coalesce(sum(pair_count), 0)) as other_share
        from step_random
        where
            relation = '{{ r if level in ['o', 'h', 'd'] or not field.personal
                else '-' }}'
            and substr(pattern, {{ field.position }}, 1) <> '-'
        {%- endfor %}
        {%- endfor %}
        {%- endfor %}
    ) as shares
    left join step_chances on shares.field = step_chances.field
{% endcall %}
{%- endmacro %}


{#- How often the records of one person show each finding. -#}
{% macro identity_weights__matches(fields) -%}
{%- set firms = fields | selectattr('kind', 'in', ['company', 'company_id'])
    | list -%}
{#- Levels a pattern shows, by field; who changed the firm changed more. #}
{% call step_table('step_patterns', indexes=['pattern_number']) %}
    select
        pattern,
        rarity_bits,
        pair_count,
        row_number() over (order by pattern, rarity_bits) as pattern_number,
        {%- if firms %}
        substr(pattern, {{ firms[0].position }}, 1) = 'd' as has_moved
        {%- else %}
        false as has_moved
        {%- endif %}
    from step_found
    where origin = 'candidate'
{% endcall %}
{% call step_table('step_levels') %}
    {%- for field in fields %}
    {{ 'union all' if not loop.first }}
    select
        patterns.pattern_number,
        others.field,
        others.level,
        {{ 'patterns.has_moved' if field.moves else 'false' }} as has_moved,
        others.centibits
    from step_patterns as patterns
    inner join step_others as others
        on
            others.field = '{{ field.name }}'
            and others.level = substr(patterns.pattern, {{ field.position }}, 1)
            and others.relation = substr(patterns.pattern, 1, 1)
    {%- endfor %}
{% endcall %}
{#- Expected shares count as much as 30 pairs. #}
{% call step_table('step_expected') %}
    {%- for field in fields %}
    {%- set outer = loop %}
    {%- set whole = field.levels.values() | sum %}
    {%- for level, share in field.levels.items() %}
    {{ 'union all' if not (outer.first and loop.first) }}
    select
        '{{ field.name }}' as field,
        '{{ level }}' as level,
        {{ 'true' if field.moves else 'false' }} as can_move,
        {{ share / whole }} as share,
        {{ 0.5 + share / whole / 2 if level == 'd' else share / whole / 2 }}
            as share_moved
    {%- endfor %}
    {%- endfor %}
{% endcall %}
{% call step_table('step_odds') %}
    select
        share as match_share,
        {{ centibits_of('share / (1 - share)') }} as centibits
    from (
        select 0.2 / (1 + case when record_count > 1 then record_count else 1 end)
            as share
        from step_size
    ) as first_guess
{% endcall %}
{{ identity_weights__maximized() }}
{%- for _ in range(12) %}
{% call step_table('step_expectation', indexes=['pattern_number']) %}
    select
        scored.pattern_number,
        scored.pair_count * powers.power / (1 + powers.power) as pair_count
    from (
        select
            patterns.pattern_number,
            patterns.pair_count,
            {{ greatest_of([-4000, least_of([4000, 'cast(
                odds.centibits + 100 * patterns.rarity_bits
                + sum(matches.centibits - levels.centibits)
                as integer
            )'])]) }} as weight
        from step_patterns as patterns
        cross join step_odds as odds
        inner join step_levels as levels
            on patterns.pattern_number = levels.pattern_number
        inner join step_matches as matches
            on
                levels.field = matches.field
                and levels.level = matches.level
                and levels.has_moved = matches.has_moved
        group by
            patterns.pattern_number, patterns.pair_count,
            patterns.rarity_bits, odds.centibits
    ) as scored
    inner join step_powers as powers on scored.weight = powers.centibits
{% endcall %}
{% call step_table('step_odds') %}
    select
        share as match_share,
        {{ centibits_of('share / (1 - share)') }} as centibits
    from (
        select
            (1 + size.candidates_of * found.pair_count)
            / (10 + size.record_count * (size.record_count - 1) / 2.0) as share
        from step_size as size
        cross join (
            select coalesce(sum(pair_count), 0) as pair_count
            from step_expectation
        ) as found
    ) as learned
{% endcall %}
{% call step_table('step_learned') %}
    select
        levels.field,
        levels.level,
        levels.has_moved,
        sum(expected.pair_count) as pair_count
    from step_expectation as expected
    inner join step_levels as levels
        on expected.pattern_number = levels.pattern_number
    group by levels.field, levels.level, levels.has_moved
{% endcall %}
{{ identity_weights__maximized(learned=true) }}
{%- endfor %}
{%- endmacro %}


{% macro identity_weights__maximized(learned=false) -%}
{% call step_table('step_matches', indexes=['field, level, has_moved']) %}
    select
        field,
        level,
        has_moved,
        match_share,
        {{ centibits_of('match_share') }} as centibits
    from (
        select
            expected.field,
            expected.level,
            strata.has_moved,
            {%- if learned %}
            (
                30 * case when strata.has_moved then expected.share_moved
                    else expected.share end
                + coalesce(found.pair_count, 0)
            ) / (30 + coalesce(wholes.pair_count, 0)) as match_share
            {%- else %}
            case when strata.has_moved then expected.share_moved
                else expected.share end as match_share
            {%- endif %}
        from step_expected as expected
        inner join (
            select false as has_moved
            union all
            select true as has_moved
        ) as strata on expected.can_move or not strata.has_moved
        {%- if learned %}
        left join step_learned as found
            on
                expected.field = found.field
                and expected.level = found.level
                and strata.has_moved = found.has_moved
        left join (
            select field, has_moved, sum(pair_count) as pair_count
            from step_learned
            group by field, has_moved
        ) as wholes
            on
                expected.field = wholes.field
                and strata.has_moved = wholes.has_moved
        {%- endif %}
    ) as shares
{% endcall %}
{%- endmacro %}
