{#-
    Steps that name what a comparison can find: `step_findings` with what is
    expected of each, `step_patterns` and, for each pattern, `step_shown` with
    its findings.
-#}
{% macro identity_findings(entity, values) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set relation = identity.identity_relation(fields) -%}
{%- set relations = ['-'] + ([relation.letter] if relation else []) -%}
{%- set has_firms = identity.identity_fields__firms(fields) | length > 0 -%}
{% call identity.step_table('step_findings', indexes=['field, level']) %}
    with

    findings (
        field, level, relation, has_moved, match_expected, other_expected,
        learned_from, is_by_rarity, is_with_rarity, fixed_weight
    ) as (
        values
        {%- set is_first = namespace(value=true) %}
        {%- for field in fields %}
        {%- set whole = field.levels.values() | sum %}
        {%- for level, share in field.levels.items() %}
        {%- for r in relations %}
        {%- set apart = field.one_in and (r == '-' or field.personal
            or not field.moves) %}
        {%- set as_strangers = r == '-'
            or (field.personal and level not in ['o', 'h', 'd']) %}
        {%- for moved in [false, true] if has_firms and field.moves or not moved %}
        {%- set match = share / whole %}
        {%- if moved %}
        {%- set match = match / 2 + (0.5 if level == 'd' else 0) %}
        {%- endif %}
        {{- ',' if not is_first.value }}
        (
            {{- "'" ~ field.name ~ "', '" ~ level ~ "', '" ~ r ~ "'" }}
            {{- ', 1 = 1' if moved else ', 1 = 0' }}, {{ match }}
            {{- ', ' ~ identity.identity_findings__by_chance(level, r, field) }}
            {{- ", 'namesake'" if level == 'g'
                else ", 'random'" if as_strangers else ", 'related'" }}
            {{- ', 1 = 1' if apart and level in ['e', 'b', 'x'] else ', 1 = 0' }}
            {{- ', 1 = 1' if apart and level in identity.identity_patterns__slips(field)
                else ', 1 = 0' }}
            {{- ', ' ~ (field.fixed or {}).get(level, 'cast(null as integer)') -}}
        )
        {%- set is_first.value = false %}
        {%- endfor %}
        {%- endfor %}
        {%- endfor %}
        {%- endfor %}
    )

    select
        findings.*,
        row_number() over (
            order by
                findings.field, findings.level, findings.relation,
                findings.has_moved
        ) as finding,
        coalesce(chances.centibits, 0) as chance
    from findings
    left join (
        {{ identity.identity_findings__chances(fields, values) }}
    ) as chances
        on findings.field = chances.field and findings.is_with_rarity
{% endcall %}
{% call identity.step_table('step_patterns', indexes=['pattern_number']) %}
    select
        origin,
        pattern,
        rarity,
        pair_count,
        {{ identity.identity_ceiling(entity) }} < {{ identity.identity_settings(entity).certain }}
            as is_doubtful,
        row_number() over (order by origin, pattern, rarity) as pattern_number
    from step_found
{% endcall %}
{% call identity.step_table('step_shown', indexes=['pattern_number, finding']) %}
    {%- for field in fields %}
    {{ 'union all' if not loop.first }}
    select
        patterns.pattern_number,
        findings.finding
    from step_patterns as patterns
    inner join step_findings as findings
        on
            findings.field = '{{ field.name }}'
            and findings.level = substr(patterns.pattern, {{ field.position }}, 1)
            and findings.relation = substr(patterns.pattern, 1, 1)
            and findings.has_moved
            = {{ identity.identity_weights__moved(field, fields, 'patterns.pattern') }}
    {%- endfor %}
{% endcall %}
{% call identity.step_table('step_counted', indexes=['finding']) %}
    select
        finding,
        0 as match_count,
        0 as other_count,
        0 as related_count,
        0 as namesake_count
    from step_findings
    where 1 = 0
{% endcall %}
{{ identity.identity_weights__learned(entity) }}
{#- at first one record in five is taken to have another one #}
{% call identity.step_table('step_odds') %}
    {{ identity.identity_weights__odds('size.record_count / 10.0') }}
{% endcall %}
{%- endmacro %}


{#- How often two persons agree so far, where the records do not say. -#}
{% macro identity_findings__by_chance(level, relation, field) -%}
{%- set strangers = {'n': 0.003, 's': 0.01, 'k': 0.002, 'i': 0.02, 'h': 0.0005,
    'm': 0.0005, 'o': 0.002, 'u': 0.0005, 'y': 0.02, 'w': 0.003, 'a': 0.05, 'e': 0.3, 'g': 0.001, 'b': 0.0001, 'f': 0.0005, 'v': 0.003,
    'x': 0.0001, 'c': 0.01, 'q': 0.0001, 'd': 0.95} -%}
{%- set related = {'e': 0.5, 'n': 0.05, 's': 0.05, 'h': 0.2, 'o': 0.5,
    'a': 0.2, 'd': 0.4} -%}
{%- if relation != '-' and not field.personal and level in related -%}
{{ related[level] * (1 if relation == 'c' else 0.4) }}
{%- else -%}
{{ strangers[level] }}
{%- endif -%}
{%- endmacro %}


{#- How likely two persons agree in a field, as a logarithm. -#}
{% macro identity_findings__chances(fields, values) -%}
select
    agreement.field,
    {{ identity.centibits_of('agreement.share') }} as centibits
from (
    {{ identity.identity_findings__agreement(fields, values, with_field=true) }}
) as agreement
{%- endmacro %}


{#- How likely two persons agree in a field. -#}
{% macro identity_findings__agreement(fields, values, with_field=false) -%}
select
    {{ 'totals.field,' if with_field }}
    (1000.0 / prior.one_in + coalesce(same.pair_count, 0))
    / (1000.0 + 1.0 * totals.holder_count * (totals.holder_count - 1)) as share
from {{ values }} as totals
inner join (
    {{ identity.identity_values__priors(fields) }}
) as prior on totals.field = prior.field
left join (
    select
        field,
        sum(1.0 * holder_count * (holder_count - 1)) as pair_count
    from {{ values }}
    where value <> ''
    group by field
) as same on totals.field = same.field
where totals.value = ''
{%- endmacro %}
