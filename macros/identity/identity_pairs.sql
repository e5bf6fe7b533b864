{#-
    The pairs of records that share a block, what their comparison finds and
    how much it weighs. The decisions of people outweigh everything.
-#}
{% macro identity_pairs(entity, records, keys, values, weights, overrides) -%}
{% call step_table('step_decided') %}
    {{ identity_pairs__decided(entity, records, overrides) }}
{% endcall %}
{% call step_table('step_pairs') %}
    {{ identity_candidates(keys) }}
    union
    select record_a, record_b from step_decided
{% endcall %}
{{ identity_pairs__weighed(entity, records, values, weights) }}
{#- In an increment the pairs of new and changed records alone. #}
{{ '\n-- delta\n' }}
{% call step_table('step_touched', indexes=['record_number']) %}
    select record_number from {{ records }}
    where latest_file_id > {{ watermark() }}
{% endcall %}
{{ step(
    'delete from ' ~ this
    ~ ' where record_a in (select record_number from step_touched)'
) }}
{{ step(
    'delete from ' ~ this
    ~ ' where record_b in (select record_number from step_touched)'
) }}
{% call step_table('step_decided') %}
    {{ identity_pairs__decided(entity, records, overrides) }}
{% endcall %}
{% call step_table('step_pairs') %}
    {{ identity_candidates(keys, touched='step_touched') }}
    union
    select record_a, record_b from step_decided
{% endcall %}
{{ identity_pairs__weighed(entity, records, values, weights) }}
{%- endmacro %}


{% macro identity_pairs__decided(entity, records, overrides) -%}
select
    {{ least_of(['one.record_number', 'other.record_number']) }} as record_a,
    {{ greatest_of(['one.record_number', 'other.record_number']) }} as record_b,
    max(overrides.decision) as decision
from {{ overrides }} as overrides
inner join {{ records }} as one
    on overrides.record_id = one.record_id
inner join {{ records }} as other
    on overrides.other_record_id = other.record_id
where
    overrides.entity = '{{ entity }}'
    and one.record_number <> other.record_number
group by 1, 2
{%- endmacro %}


{#- A pattern weighs the same wherever it is found, so it is weighed once. -#}
{% macro identity_pairs__weighed(entity, records, values, weights) -%}
{%- set fields = identity_fields(entity) -%}
{%- set firms = fields | selectattr('kind', 'in', ['company', 'company_id'])
    | list -%}
{% call step_table('step_found') %}
    {{ identity_patterns(entity, 'step_pairs', records, values) }}
{% endcall %}
{% call step_table('step_patterns', indexes=['pattern']) %}
    select
        pattern,
        (select weight from {{ weights }} where field = '')
        {%- for field in fields %}
        + coalesce((
            select found.weight from {{ weights }} as found
            where
                found.field = '{{ field.name }}'
                and found.level = substr(pattern, {{ field.position }}, 1)
                and found.relation = substr(pattern, 1, 1)
                {%- if field.moves and firms %}
                and found.has_moved
                = (substr(pattern, {{ firms[0].position }}, 1) = 'd')
                {%- else %}
                and not found.has_moved
                {%- endif %}
        ), 0)
        {%- endfor %} as weight
    from (select distinct pattern from step_found) as patterns
{% endcall %}
select
    found.record_a,
    found.record_b,
    found.pattern,
    found.rarity,
    cast(case decided.decision
        when 'same' then 1000000
        when 'different' then -1000000
        else patterns.weight + found.rarity
    end as integer) as weight
from step_found as found
inner join step_patterns as patterns on found.pattern = patterns.pattern
left join step_decided as decided
    on
        found.record_a = decided.record_a
        and found.record_b = decided.record_b
{%- endmacro %}
