{#-
    Pairs of records compared field by field: a letter per field (see
    identity_kinds; - where a value is missing) in level_1, level_2, … and in
    `relation` how the records are related anyway: c colleagues, r relatives,
    - neither. `keep` are columns of `pairs` to pass on; values whose rarity
    counts are passed on as one_<field> and other_<field>.
-#}
{% macro identity_levels(entity, pairs, records, values, keep=[]) -%}
{%- set fields = identity_fields(entity) -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set both_names = 'first_name' in kinds and 'last_name' in kinds -%}
select
    measured.record_a,
    measured.record_b,
    {%- for column in keep %}
    measured.{{ column }},
    {%- endfor %}
    {%- for field in fields if field.one_in %}
    one.{{ field.name }} as one_{{ field.name }},
    other.{{ field.name }} as other_{{ field.name }},
    {%- endfor %}
    {{ identity_levels__relation(fields, values) }} as relation
    {%- for field in fields %},
    {{ identity_levels__of(field, fields, values) }}
        as level_{{ loop.index }}
    {%- endfor %}
from (
    {#- What is but one slip away has the same first or last letter. #}
    select
        pairs.*
        {%- for field in fields if field.levels.n %}
        {%- set a, b = 'one.' ~ field.name, 'other.' ~ field.name %},
        case
            when
                {{ a }} <> {{ b }}
                and (
                    substr({{ a }}, 1, 1) = substr({{ b }}, 1, 1)
                    or substr({{ a }}, length({{ a }}))
                    = substr({{ b }}, length({{ b }}))
                )
                then {{ common_prefix(a, b) }}
        end as shared_{{ field.name }}
        {%- endfor %}
        {%- if both_names %},
        {{ identity_levels__is_swapped() }} as is_swapped
        {%- endif %}
    from {{ pairs }} as pairs
    {{ identity_levels__both(records, 'pairs') }}
    {{ computed_once() }}
) as measured
{{ identity_levels__both(records, 'measured') }}
{{ computed_once() }}
{%- endmacro %}


{#- Joined twice: SQLite reads a table's value for less than one passed on. -#}
{% macro identity_levels__both(records, pairs) -%}
inner join {{ records }} as one on {{ pairs }}.record_a = one.record_number
inner join {{ records }} as other
    on {{ pairs }}.record_b = other.record_number
{%- endmacro %}


{#-
    Colleagues are also those whose firms are a slip apart, or whose mail is of
    one firm; and whoever shares a mailbox or number of several persons is
    related in some way.
-#}
{% macro identity_levels__relation(fields, values) -%}
{%- set relation = identity_relation(fields) -%}
{%- set signs = [] -%}
{%- if not relation -%}
'-'
{%- else -%}
    {%- do signs.append(
        'one.' ~ relation.field ~ ' = other.' ~ relation.field
    ) -%}
    {%- for field in fields -%}
        {%- set one, other = 'one.' ~ field.name, 'other.' ~ field.name -%}
        {%- if field.levels.h -%}
            {%- do signs.append(identity_levels__shared(field, values)) -%}
        {%- endif -%}
        {%- if relation.letter == 'c' and field.kind == 'company' -%}
            {%- do signs.append('(length(' ~ one ~ ') > 4 and '
                ~ is_one_slip(one, other, 'shared_' ~ field.name) ~ ')') -%}
        {%- elif relation.letter == 'c' and field.kind == 'email' -%}
            {%- do signs.append(one ~ '_domain = ' ~ other ~ '_domain') -%}
        {%- endif -%}
    {%- endfor -%}
case
            when
                {{ signs | join('\n                or ') }}
                then '{{ relation.letter }}'
            else '-'
        end
{%- endif -%}
{%- endmacro %}


{#- Whether two records have one mailbox or number that several persons have. -#}
{% macro identity_levels__shared(field, values) -%}
(
                    one.{{ field.name }} = other.{{ field.name }}
                    and one.{{ field.name }} in (
                        select shared.value from {{ values }} as shared
                        where
                            shared.field = '{{ field.name }}'
                            and shared.is_shared
                    )
                )
{%- endmacro %}


{#-
    First and last name in the wrong order, one of them perhaps misspelt or
    missing.
-#}
{% macro identity_levels__is_swapped() -%}
case
            when one.first_name = other.last_name
                then
                    one.last_name is null
                    or other.first_name is null
                    or one.last_name = other.first_name
                    or {{ is_similar('one.last_name', 'other.first_name') }}
            when one.last_name = other.first_name
                then
                    one.first_name is null
                    or other.last_name is null
                    or {{ is_similar('one.first_name', 'other.last_name') }}
            else 1 = 0
        end
{%- endmacro %}


{#- The letter of one field: that of the first condition that holds. -#}
{% macro identity_levels__of(field, fields, values) -%}
{%- set n = field.name -%}
{%- set one, other, shared = 'one.' ~ n, 'other.' ~ n, 'shared_' ~ n -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set slip = is_one_slip(one, other, shared) -%}
case
            {%- if field.kind == 'generation' %}
            when {{ one }} is null and {{ other }} is null then '-'
            when {{ one }} is null or {{ other }} is null then 'o'
            {%- else %}
            when {{ one }} is null or {{ other }} is null then '-'
            {%- endif %}
            {%- if field.levels.h %}
            when {{ identity_levels__shared(field, values) }} then 'h'
            {%- endif %}
            when {{ one }} = {{ other }} then 'e'
            {%- if field.levels.k %}
            when
                one.formal_name = other.formal_name
                or exists (
                    select 1 from {{ ref('nicknames') }} as nicknames
                    where
                        nicknames.nickname = {{ one }}
                        and nicknames.first_name = {{ other }}
                )
                or exists (
                    select 1 from {{ ref('nicknames') }} as nicknames
                    where
                        nicknames.nickname = {{ other }}
                        and nicknames.first_name = {{ one }}
                )
                then 'k'
            {%- endif %}
            {%- if field.levels.i %}
            when
                (length({{ one }}) = 1 or length({{ other }}) = 1)
                and substr({{ one }}, 1, 1) = substr({{ other }}, 1, 1)
                then 'i'
            {%- endif %}
            {%- if field.levels.x and 'first_name' in kinds
                and 'last_name' in kinds %}
            when is_swapped then 'x'
            {%- endif %}
            {%- if field.kind == 'email' %}
            {{- identity_levels__email(one, other, slip, kinds) }}
            {%- elif field.levels.n %}
            {%- if field.levels.s %}
            {#- Studio 54 is no misspelt Studio 55 #}
            when
                substr({{ one }}, {{ shared }} + 1, 1) between '0' and '9'
                or substr({{ other }}, {{ shared }} + 1, 1) between '0' and '9'
                then 'd'
            {%- endif %}
            when length({{ one }}) > 2 and {{ slip }} then 'n'
            {%- endif %}
            {%- if field.kind == 'date' %}
            when substr({{ one }}, 1, 4) = substr({{ other }}, 1, 4) then 'y'
            when substr({{ one }}, 5) = substr({{ other }}, 5) then 'w'
            {%- elif field.kind == 'postcode' %}
            when {{ shared }} > 2 then 'a'
            {%- elif field.levels.s and field.kind != 'email' %}
            when
                {{ shared }} >= 0
                and abs(length({{ one }}) - length({{ other }})) < 5
                and {{ is_similar(one, other) }}
                then 's'
            {%- endif %}
            else 'd'
        end
{%- endmacro %}


{#-
    The levels that only addresses have. The number behind a name counts:
    john2@ is another person than john@, and john1966@ elsewhere the same one.
    j.smith@ and jsmith@ of one provider are no more than two of one name.
-#}
{% macro identity_levels__email(one, other, slip, kinds) -%}
{%- set name, number = [], [] -%}
{%- for mailbox in [one ~ '_mailbox', other ~ '_mailbox'] -%}
    {%- set letters = 'rtrim(' ~ mailbox ~ ", '0123456789')" -%}
    {%- do name.append(letters) -%}
    {%- do number.append(
        'substr(' ~ mailbox ~ ', length(' ~ letters ~ ') + 1)'
    ) -%}
{%- endfor %}
            when
                {{ one }}_domain = {{ other }}_domain
                and {{ name[0] }} = {{ name[1] }}
                and length({{ number[0] }} || {{ number[1] }}) <= 2
                then 'u'
            when
                length({{ one }}_mailbox) > 4
                and {{ slip }}
                and {{ number[0] }} = {{ number[1] }}
                and (
                    {{ one }}_domain = {{ other }}_domain
                    or replace({{ one }}, '.', '')
                    <> replace({{ other }}, '.', '')
                )
                {%- if 'first_name' in kinds %}
                and coalesce(
                    substr(one.first_name, 1, 1)
                    = substr(other.first_name, 1, 1), 1 = 1
                )
                {%- endif %}
                then 'n'
            when {{ one }}_domain = {{ other }}_domain then 'o'
            when {{ number[0] }} = {{ number[1] }} and {{ number[0] }} <> ''
                then case
                    when {{ one }}_mailbox = {{ other }}_mailbox then 'm'
                    when
                        {{ is_similar(one ~ '_mailbox', other ~ '_mailbox') }}
                        and {{ is_similar(one ~ '_domain', other ~ '_domain') }}
                        then 's'
                    else 'd'
                end
{%- endmacro %}
