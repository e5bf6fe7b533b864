{#-
    What the comparison of pairs of records finds: the letters of all fields in
    `pattern`, behind that of the relation. `rarity` sums the rarities of the
    values in which the records agree. `keep` are columns of `pairs` to pass on.
-#}
{% macro identity_patterns(entity, pairs, records, values, keep=[]) -%}
{%- set fields = identity_fields(entity) -%}
select
    record_a,
    record_b,
    {%- for column in keep %}
    {{ column }},
    {%- endfor %}
    relation
    {%- for field in fields %}
    || level_{{ loop.index }}
    {%- endfor %} as pattern,
    0
    {%- for field in fields if field.one_in %}
    + {{ identity_patterns__rarity(field, fields, values) }}
    {%- endfor %} as rarity
from (
    {{ identity_levels(entity, pairs, records, values, keep) }}
) as levels
{%- endmacro %}


{#-
    How rare the value is that both have; of two that are a slip apart, how
    rare the commoner one: whoever is written "wison" is most likely a Wilson. Colleagues and relatives share places as a matter of
    course, whatever place it is. The letters are columns, or those of `pattern`.
-#}
{% macro identity_patterns__rarity(field, fields, values, pattern=none) -%}
{%- set n = field.name -%}
{%- set mark = '.' if pattern else '_' -%}
{%- set one, other = 'one' ~ mark ~ n, 'other' ~ mark ~ n -%}
{%- set level = identity_patterns__letter(field, pattern) -%}
{%- set relation = 'substr(' ~ pattern ~ ', 1, 1)' if pattern else 'relation' -%}
case
    {%- if field.moves and not field.personal %}
    when {{ relation }} <> '-' then 0
    {%- endif %}
    {%- for wider in fields if wider.kind in (field.within or []) %}
    when {{ identity_patterns__letter(wider, pattern) }} = 'e' then 0
    {%- endfor %}
    {%- if field.kind == 'last_name' and identity_fields__firms(fields) %}
    {%- for first in fields if first.kind == 'first_name' %}
    when
        {{ level }} = 'e'
        and {{ identity_patterns__letter(first, pattern) }} in ('e', 'k')
        and {{ relation }} = '-'
        then {{ identity_patterns__rarity_of(one, n, values) }}
            - {{ identity_patterns__one_country() }}
    {%- endfor %}
    {%- endif %}
    when {{ level }} in ('e'{{ ", 'b'" if field.levels.b }})
        then {{ identity_patterns__rarity_of(one, n, values) }}
    {%- if field.levels.x %}
    when {{ level }} = 'x'
        then {{ least_of([
            identity_patterns__rarity_of(one, 'first_name', values),
            identity_patterns__rarity_of(one, 'last_name', values)
        ]) }}
    {%- endif %}
    {%- if identity_patterns__slips(field) %}
    when {{ level }} in ('{{ identity_patterns__slips(field) | join("', '") }}')
        then {{ least_of([
            identity_patterns__rarity_of(one, n, values),
            identity_patterns__rarity_of(other, n, values)
        ]) }}
    {%- endif %}
    else 0
end
{%- endmacro %}


{#- Given and family names come from one country, so that strangers share both
    some four times as often as by chance. Without this, where nobody stands
    twice, namesakes are taken for people who changed everything but the name,
    and the weights are learned from them. -#}
{% macro identity_patterns__one_country() -%}
    {{ return(200) }}
{%- endmacro %}


{% macro identity_patterns__letter(field, pattern) -%}
    {%- if pattern -%}
        {{ return('substr(' ~ pattern ~ ', ' ~ field.position ~ ', 1)') }}
    {%- endif -%}
    {{ return('level_' ~ (field.position - 1)) }}
{%- endmacro %}


{#- The letters of slips that say more where the value is rare: those in words.
    One digit of a date or number more or less is as likely in any of them. -#}
{% macro identity_patterns__slips(field) -%}
    {{ return(['n', 's', 'k'] if field.levels.s or field.levels.k else []) }}
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
