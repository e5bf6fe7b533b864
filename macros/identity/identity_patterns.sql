{#-
    What a comparison found, from `step_levels`: the letters of all fields in
    `pattern`, behind that of the relation. `rarity` sums the rarities of the
    values in which the records agree.
-#}
{% macro identity_patterns(entity, records, values, keep=[]) -%}
{%- set fields = identity_fields(entity) -%}
select
    levels.record_a,
    levels.record_b,
    {%- for column in keep %}
    levels.{{ column }},
    {%- endfor %}
    levels.relation
    {%- for field in fields %}
    || levels.level_{{ loop.index }}
    {%- endfor %} as pattern,
    0
    {%- for field in fields if field.one_in %}
    + {{ identity_patterns__rarity(field, values) }}
    {%- endfor %} as rarity
from step_levels as levels
inner join {{ records }} as one
    on levels.record_a = one.record_number
inner join {{ records }} as other
    on levels.record_b = other.record_number
{%- endmacro %}


{#-
    How rare the value is that both have; of two that are a slip apart, how
    rare the rarer one. Colleagues and relatives share places as a matter of
    course, whatever place it is.
-#}
{% macro identity_patterns__rarity(field, values) -%}
{%- set n = field.name -%}
{%- set level = 'level_' ~ (field.position - 1) -%}
case
    {%- if field.moves and not field.personal %}
    when relation <> '-' then 0
    {%- endif %}
    when {{ level }} = 'e'
        then {{ identity_patterns__rarity_of('one.' ~ n, n, values) }}
    {%- if field.levels.x %}
    when {{ level }} = 'x'
        then {{ least_of([
            identity_patterns__rarity_of('one.' ~ n, 'first_name', values),
            identity_patterns__rarity_of('one.' ~ n, 'last_name', values)
        ]) }}
    {%- endif %}
    {%- if field.levels.s or field.levels.k %}
    when {{ level }} in ('n', 's', 'k')
        then {{ greatest_of([
            identity_patterns__rarity_of('one.' ~ n, n, values),
            identity_patterns__rarity_of('other.' ~ n, n, values)
        ]) }}
    {%- endif %}
    else 0
end
{%- endmacro %}


{% macro identity_patterns__rarity_of(value, field, values) -%}
coalesce(
    (
        select found.rarity from {{ values }} as found
        where found.field = '{{ field }}' and found.value = {{ value }}
    ),
    (
        select found.rarity from {{ values }} as found
        where found.field = '{{ field }}' and found.value = ''
    )
)
{%- endmacro %}
