{#-
    How much oftener two persons share their whole name than their first and their
    last name by themselves say: names of one country come together. In centibits,
    beyond what identity_patterns__one_country takes off already; learned from how
    many pairs of records have one name and are two persons, between half and
    sixteen times as often as that. Where names are few it is about 0.
-#}
{% macro identity_dependence(entity, records, values) -%}
{%- if identity.identity_dependence__applies(entity) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set names = fields | selectattr('kind', 'in', ['first_name', 'last_name']) | list -%}
{% call identity.step_table('step_namesakes') %}
    select
        (
            select coalesce(sum(1.0 * record_count * (record_count - 1) / 2), 0)
            from (
                select count(*) as record_count from {{ records }}
                where first_name || last_name is not null
                group by first_name, last_name
            ) as names
        ) as pair_count,
        (
            select 1.0 * count(*) * (count(*) - 1) / 2 from {{ records }}
            where first_name || last_name is not null
        )
        {%- for name in names %}
        * (
            {{ identity.identity_findings__agreement([name], values) }}
        )
        {%- endfor %} as chance_count
{% endcall %}
{% call identity.step_table('step_dependence') %}
    select 0 as centibits
{% endcall %}
{%- endif -%}
{%- endmacro %}


{#-
    The same after a round of learning, which says which pairs are one person. Of one
    person's records at least half agree in something else than the name, where more is
    known: of as many pairs at most twice those that do are one person.
-#}
{% macro identity_dependence__learned(entity) -%}
{%- if identity.identity_dependence__applies(entity) -%}
{%- set prior = identity.identity_patterns__one_country() -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set others = fields | rejectattr('kind', 'in', ['first_name', 'last_name',
    'generation', 'country', 'region', 'category', 'text']) | list -%}
{% call identity.step_table('step_dependence') %}
    select
        {{ cleaning.greatest_of([-100, cleaning.least_of([400, 'found.centibits'])]) }}
            as centibits
    from (
        select
            {{ identity.centibits_of(
                '(' ~ cleaning.greatest_of(
                    ['namesakes.pair_count - matches.pair_count', '0']
                ) ~ ' + 3.0 * ' ~ 2 ** (prior // 100) ~ ') / (namesakes.chance_count + 3)'
            ) }} - {{ prior }} as centibits
        from step_namesakes as namesakes
        cross join (
            select
                coalesce({{ cleaning.least_of([
                    'sum(match_count)',
                    'case when sum(known_count) > 0 then 2.0 * sum(agreeing_count)'
                    ~ ' / sum(known_count) * sum(pair_count) else sum(pair_count) end'
                ]) }} * max(candidates_of), 0) as pair_count
            from (
                select
                    patterns.pair_count - expected.other_count as match_count,
                    patterns.pair_count,
                    case when {{ identity.identity_dependence__shows(others, agrees=true) }}
                        then patterns.pair_count else 0 end as agreeing_count,
                    case when {{ identity.identity_dependence__shows(others, agrees=false) }}
                        then patterns.pair_count else 0 end as known_count,
                    size.candidates_of
                from step_expected as expected
                inner join step_patterns as patterns
                    on expected.pattern_number = patterns.pattern_number
                cross join step_size as size
                where
                    patterns.origin = 'candidate'
                    {%- for field in fields
                        if field.kind in ['first_name', 'last_name'] %}
                    and substr(patterns.pattern, {{ field.position }}, 1) = 'e'
                    {%- endfor %}
            ) as named
        ) as matches
    ) as found
{% endcall %}
{%- endif -%}
{%- endmacro %}


{#- Whether a pattern shows that some field agrees, or that some is known of both. -#}
{% macro identity_dependence__shows(fields, agrees) -%}
(
                        {%- for field in fields %}
                        {{ 'or ' if not loop.first -}}
                        substr(patterns.pattern, {{ field.position }}, 1)
                        {%- if agrees %} in ('e', 'g', 'b', 'h', 'n', 'f', 'm')
                        {%- else %} <> '-'
                        {%- endif %}
                        {%- endfor %}
                    )
{%- endmacro %}


{#- Whether names and firms are compared. -#}
{% macro identity_dependence__applies(entity) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{{ return('first_name' in kinds and 'last_name' in kinds
    and identity.identity_fields__firms(fields) != []) }}
{%- endmacro %}
