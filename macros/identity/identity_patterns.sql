{#-
    What the comparison of pairs finds: one letter per field in `pattern` (see
    identity_kinds; - where a value is missing), behind a letter for how the
    records are related anyway: c colleagues, r relatives, - neither. `rarity`
    sums the rarities of the values they agree in.
-#}
{% macro identity_patterns(entity, pairs, records, values, keep=[]) -%}
{%- set fields = identity_fields(entity) -%}
{%- set columns = [] -%}
{%- for field in fields -%}
    {%- do columns.append(field.name) -%}
    {%- if field.kind == 'first_name' -%}
        {%- do columns.append('formal_name') -%}
    {%- elif field.kind == 'email' -%}
        {%- do columns.append(field.name ~ '_mailbox') -%}
        {%- do columns.append(field.name ~ '_domain') -%}
    {%- endif -%}
{%- endfor -%}
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
    + {{ identity_patterns__rarity(field, values) }}
    {%- endfor %} as rarity
from (
    select
        measured.*,
        {{ identity_patterns__relation(fields) }} as relation
        {%- for field in fields %},
        {{ identity_patterns__level(field, fields, values) }}
            as level_{{ loop.index }}
        {%- endfor %}
    from (
        select
            pairs.record_a,
            pairs.record_b
            {%- for column in keep %},
            pairs.{{ column }}
            {%- endfor %}
            {%- for column in columns %},
            one.{{ column }} as a_{{ column }},
            other.{{ column }} as b_{{ column }}
            {%- endfor %}
            {%- for field in fields if field.levels.n %},
            case
                when one.{{ field.name }} <> other.{{ field.name }}
                    then {{ common_prefix(
                        'one.' ~ field.name, 'other.' ~ field.name
                    ) }}
            end as shared_{{ field.name }}
            {%- endfor %}
            {%- if 'first_name' in columns and 'last_name' in columns %},
            {{ identity_patterns__is_swapped() }} as is_swapped
            {%- endif %}
        from {{ pairs }} as pairs
        inner join {{ records }} as one
            on pairs.record_a = one.record_number
        inner join {{ records }} as other
            on pairs.record_b = other.record_number
        {{ computed_once() }}
    ) as measured
    {{ computed_once() }}
) as compared
{%- endmacro %}


{#- Colleagues are also those whose firm is a slip apart, or whose mail is. -#}
{% macro identity_patterns__relation(fields) -%}
{%- set relation = identity_relation(fields) -%}
{%- set signs = [] -%}
{%- if relation -%}
    {%- set n = relation.field -%}
    {%- do signs.append('a_' ~ n ~ ' = b_' ~ n) -%}
    {%- if relation.letter == 'c' -%}
        {%- for field in fields -%}
            {%- if field.kind == 'company' -%}
                {%- do signs.append(
                    '(length(a_' ~ n ~ ') > 4 and '
                    ~ is_one_slip('a_' ~ n, 'b_' ~ n, 'shared_' ~ n) ~ ')'
                ) -%}
            {%- elif field.kind == 'email' -%}
                {%- do signs.append('a_' ~ field.name ~ '_domain = b_'
                    ~ field.name ~ '_domain') -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
case when {{ signs | join(' or ') }} then '{{ relation.letter }}' else '-' end
{%- else -%}
'-'
{%- endif -%}
{%- endmacro %}


{#- First and last name in the wrong order, one of them perhaps misspelt. -#}
{% macro identity_patterns__is_swapped() -%}
case
    when one.first_name = other.last_name
        then
            one.last_name = other.first_name
            or {{ is_similar('one.last_name', 'other.first_name') }}
    when one.last_name = other.first_name
        then {{ is_similar('one.first_name', 'other.last_name') }}
    else 1 = 0
end
{%- endmacro %}


{#- The letter of one field. -#}
{% macro identity_patterns__level(field, fields, values) -%}
{%- set n = field.name -%}
{%- set one, other, shared = 'a_' ~ n, 'b_' ~ n, 'shared_' ~ n -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set slip = is_one_slip(one, other, shared) -%}
{%- set both_names = 'first_name' in kinds and 'last_name' in kinds -%}
case
    {%- if field.kind == 'generation' %}
    when {{ one }} is null and {{ other }} is null then '-'
    when {{ one }} is null or {{ other }} is null then 'o'
    {%- elif field.kind == 'email' %}
    when {{ one }} is null or {{ other }} is null then '-'
    {%- else %}
    when {{ one }} is null or {{ other }} is null then '-'
    {%- endif %}
    {%- if field.levels.h %}
    when
        {{ one }} = {{ other }}
        and {{ one }} in (
            select {{ field.name }}_values.value
            from {{ values }} as {{ field.name }}_values
            where {{ field.name }}_values.field = '{{ n }}'
                and {{ field.name }}_values.is_shared
        ) then 'h'
    {%- endif %}
    when {{ one }} = {{ other }} then 'e'
    {%- if field.kind == 'first_name' %}
    when a_formal_name = b_formal_name then 'k'
    when
        exists (
            select 1 from {{ ref('nicknames') }} as nicknames
            where
                (nickname = {{ one }} and nicknames.first_name = {{ other }})
                or (nickname = {{ other }} and nicknames.first_name = {{ one }})
        ) then 'k'
    {%- endif %}
    {%- if field.levels.i %}
    when
        (length({{ one }}) = 1 or length({{ other }}) = 1)
        and substr({{ one }}, 1, 1) = substr({{ other }}, 1, 1) then 'i'
    {%- endif %}
    {%- if field.levels.x and both_names %}
    when is_swapped then 'x'
    {%- endif %}
    {%- if field.kind == 'email' %}
    {#- john2@ is another person than john@ #}
    when
        length({{ one }}_mailbox) > 4
        and {{ slip }}
        and substr({{ one }}_mailbox, length(rtrim({{ one }}_mailbox, '0123456789')) + 1)
        = substr({{ other }}_mailbox, length(rtrim({{ other }}_mailbox, '0123456789')) + 1)
        {%- if 'first_name' in kinds %}
        and (
            a_first_name is null
            or b_first_name is null
            or substr(a_first_name, 1, 1) = substr(b_first_name, 1, 1)
        )
        {%- endif %} then 'n'
    when {{ one }}_domain = {{ other }}_domain then 'o'
    when
        {{ one }}_mailbox = {{ other }}_mailbox
        and rtrim({{ one }}_mailbox, '0123456789') <> {{ one }}_mailbox then 'm'
    {%- elif field.levels.n %}
    when length({{ one }}) > 2 and {{ slip }} then 'n'
    {%- endif %}
    {%- if field.kind == 'date' %}
    when substr({{ one }}, 1, 4) = substr({{ other }}, 1, 4) then 'y'
    when substr({{ one }}, 5) = substr({{ other }}, 5) then 'w'
    {%- elif field.kind == 'postcode' %}
    when shared_{{ n }} > 2 then 'a'
    {%- elif field.levels.s %}
    when
        abs(length({{ one }}) - length({{ other }})) < 5
        and (
            {{ shared }} > 0
            or substr({{ one }}, length({{ one }}), 1)
            = substr({{ other }}, length({{ other }}), 1)
        )
        and {{ is_similar(one, other) }} then 's'
    {%- endif %}
    else 'd'
end
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
        then {{ identity_patterns__rarity_of('a_' ~ n, n, values) }}
    {%- if field.levels.x %}
    when {{ level }} = 'x'
        then {{ least_of([
            identity_patterns__rarity_of('a_' ~ n, 'first_name', values),
            identity_patterns__rarity_of('a_' ~ n, 'last_name', values)
        ]) }}
    {%- endif %}
    {%- if field.levels.s or field.levels.k %}
    when {{ level }} in ('n', 's', 'k')
        then {{ greatest_of([
            identity_patterns__rarity_of('a_' ~ n, n, values),
            identity_patterns__rarity_of('b_' ~ n, n, values)
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
