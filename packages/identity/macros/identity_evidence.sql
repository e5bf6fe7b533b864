{#-
    What a comparison found, field by field: one row per pair of `pairs` and
    field that both have. `pairs` names a CTE with record_a, record_b, pattern
    and what else is to be passed on (`keep`). Weights are in bits, factors of
    two for or against one person.
-#}
{% macro identity_evidence(
    entity, pairs, records, values, weights, keep=[]
) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- for field in fields %}
{{ 'union all' if not loop.first }}
select
    {%- for column in keep %}
    pairs.{{ column }},
    {%- endfor %}
    '{{ field.name }}' as field,
    one.{{ field.name }} as value,
    other.{{ field.name }} as other_value,
    {{ identity.identity_words(field, 'pairs.pattern') }} as finding,
    {%- if field.one_in %}
    coalesce(known.holder_count, 1) as value_count,
    total.holder_count as of_count,
    {{ identity.identity_patterns__rarity(field, fields, values, 'pairs.pattern') }}
    {%- else %}
    cast(null as integer) as value_count,
    cast(null as integer) as of_count,
    0
    {%- endif %}
    + coalesce(weights.weight, 0) as weight
from {{ pairs }} as pairs
inner join {{ records }} as one on pairs.record_a = one.record_number
inner join {{ records }} as other on pairs.record_b = other.record_number
{%- if field.one_in %}
left join {{ values }} as known
    on known.field = '{{ field.name }}' and one.{{ field.name }} = known.value
left join {{ values }} as total
    on total.field = '{{ field.name }}' and total.value = ''
{%- endif %}
left join {{ weights }} as weights
    on
        weights.field = '{{ field.name }}'
        and weights.level = substr(pairs.pattern, {{ field.position }}, 1)
        and weights.relation = substr(pairs.pattern, 1, 1)
        and weights.has_moved
        = {{ identity.identity_weights__moved(field, fields, 'pairs.pattern') }}
where substr(pairs.pattern, {{ field.position }}, 1) not in ('', '-')
{%- endfor %}
{%- endmacro %}
