{#-
    What the comparison of pairs of records finds: the letters of all fields in
    `pattern`, behind that of the relation. `rarity` sums the rarities of the
    values in which the records agree. `keep` are columns of `pairs` to pass on.
-#}
{% macro identity_patterns(entity, pairs, sides, keep=[]) -%}
{%- set fields = identity.identity_fields(entity) -%}
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
    + {{ identity.identity_patterns__rarity(field, fields) }}
    {%- endfor %} as rarity
from (
    {{ identity.identity_levels(entity, pairs, sides, keep) }}
) as levels
{%- endmacro %}


{#-
    How rare the value is that both have; of two that are a slip apart, how
    rare the commoner one: who is written "wison" is most likely a Wilson. Colleagues and relatives share places as a matter of
    course, whatever place it is. The letters are columns, or those of `pattern`.
-#}
{% macro identity_patterns__rarity(field, fields, values=none, pattern=none) -%}
{%- set n = field.name -%}
{%- set level = identity.identity_patterns__letter(field, pattern) -%}
{%- set relation = 'substr(' ~ pattern ~ ', 1, 1)' if pattern else 'relation' -%}
case
    {%- if field.moves and not field.personal %}
    when {{ relation }} <> '-' then 0
    {%- endif %}
    {%- for wider in fields if wider.kind in (field.within or []) %}
    when {{ identity.identity_patterns__letter(wider, pattern) }} = 'e' then 0
    {%- endfor %}
    {%- if field.kind == 'last_name' and identity.identity_fields__firms(fields) %}
    {%- for first in fields if first.kind == 'first_name' %}
    when
        {{ level }} = 'e'
        and {{ identity.identity_patterns__letter(first, pattern) }} in ('e', 'k')
        and {{ relation }} = '-'
        then {{ identity.identity_patterns__rarity_of('one', n, n, values) }}
            - ({{ identity.identity_patterns__together(
                identity.identity_patterns__rarity_of('one', first.name, first.name, values),
                identity.identity_patterns__rarity_of('one', n, n, values)
            ) }})
    {%- endfor %}
    {%- endif %}
    when {{ level }} in ('e'{{ ", 'b'" if field.levels.b }})
        then {{ identity.identity_patterns__rarity_of('one', n, n, values) }}
    {%- set kinds = fields | map(attribute='kind') | list %}
    {%- if field.levels.x and 'first_name' in kinds and 'last_name' in kinds %}
    when {{ level }} = 'x'
        then {{ cleaning.least_of([
            identity.identity_patterns__rarity_of('one', n, 'first_name', values),
            identity.identity_patterns__rarity_of('one', n, 'last_name', values)
        ]) }}
    {%- endif %}
    {%- if identity.identity_patterns__slips(field) %}
    when {{ level }} in ('{{ identity.identity_patterns__slips(field) | join("', '") }}')
        then {{ cleaning.least_of([
            identity.identity_patterns__rarity_of('one', n, n, values),
            identity.identity_patterns__rarity_of('other', n, n, values)
        ]) }}
    {%- endif %}
    else 0
end
{%- endmacro %}


{#- Given and family names come from one country, so that strangers share both
    some four times as often as by chance; and rare ones from one corner of it: beyond
    20 bits together, half of what is rare counts. Without this, where nobody stands
    twice, namesakes are taken for people who changed everything but the name,
    and the weights are learned from them. -#}
{% macro identity_patterns__together(first, last) -%}
{{ identity.identity_patterns__one_country() }}
            - cast({{ cleaning.nearest(cleaning.least_of(
                ['(2000 - ' ~ first ~ ' - ' ~ last ~ ') / 2.0', '0.0']
            )) }} as integer)
{%- endmacro %}


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


{#- How rare a side's value is, in its field or, of a name, as the other name: as
    identity_levels passes it on or, with `values`, looked up. -#}
{% macro identity_patterns__rarity_of(side, name, field, values) -%}
{%- if values -%}
coalesce(
    (
        select found.rarity from {{ values }} as found
        where found.field = '{{ field }}' and found.value = {{ side }}.{{ name }}
    ),
    (
        select found.rarity from {{ values }} as found
        where found.field = '{{ field }}' and found.value = ''
    )
)
{%- else -%}
{{ side }}_{{ name }}_{{ 'rarity' if field == name else 'turned' }}
{%- endif -%}
{%- endmacro %}
