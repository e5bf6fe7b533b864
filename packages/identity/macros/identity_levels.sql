{#-
    Pairs of records compared field by field: a letter per field (see
    identity_kinds; - where a value is missing) in level_1, level_2, … and in
    `relation` how the records are related anyway: c colleagues, r relatives,
    - neither. `keep` are columns of `pairs` to pass on; how rare the
    values are is passed on as one_<field>_rarity and other_<field>_rarity.
    `sides` is the table of identity_sides.
-#}
{% macro identity_levels(entity, pairs, sides, keep=[]) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set both_names = 'first_name' in kinds and 'last_name' in kinds -%}
select
    measured.record_a,
    measured.record_b,
    {%- for column in keep %}
    measured.{{ column }},
    {%- endfor %}
    {%- for field in fields if field.one_in %}
    one.{{ field.name }}_rarity as one_{{ field.name }}_rarity,
    {%- if identity.identity_patterns__slips(field) %}
    other.{{ field.name }}_rarity as other_{{ field.name }}_rarity,
    {%- endif %}
    {%- if both_names and field.kind in ['first_name', 'last_name'] %}
    one.{{ field.name }}_turned as one_{{ field.name }}_turned,
    {%- endif %}
    {%- endfor %}
    {{ identity.identity_levels__relation(fields) }} as relation
    {%- for field in fields %},
    {{ identity.identity_levels__of(
        field, fields, identity.identity_settings(entity).nicknames
    ) }}
        as level_{{ loop.index }}
    {%- endfor %}
from (
    {#- What is but one slip away has the same first or last letter. #}
    select
        {{ identity.identity_levels__passed() }}
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
                then {{ identity.common_prefix(a, b) }}
        end as shared_{{ field.name }}
        {%- endfor %}
        {%- if both_names %},
        {{ identity.identity_levels__is_swapped() }} as is_swapped
        {%- endif %}
    from {{ pairs }} as pairs
    {{ identity.identity_levels__both(sides, 'pairs') }}
    {{ cleaning.computed_once() }}
) as measured
{{ identity.identity_levels__again(sides) }}
{{ cleaning.computed_once() }}
{%- endmacro %}


{#- Joined twice: SQLite reads a table's value for less than one passed on. To
    DuckDB it is the join that costs; it passes each side on as one value. -#}
{% macro identity_levels__passed() -%}
    {{ return(adapter.dispatch(
        'identity_levels__passed', 'identity')()) }}
{%- endmacro %}


{% macro default__identity_levels__passed() -%}pairs.*{%- endmacro %}


{% macro duckdb__identity_levels__passed() -%}pairs.*, one, other{%- endmacro %}


{% macro identity_levels__again(sides) -%}
    {{ return(adapter.dispatch(
        'identity_levels__again', 'identity')(sides)) }}
{%- endmacro %}


{% macro default__identity_levels__again(sides) -%}
{{ identity.identity_levels__both(sides, 'measured') }}
{%- endmacro %}


{% macro duckdb__identity_levels__again(sides) -%}{%- endmacro %}


{% macro identity_levels__both(sides, pairs) -%}
inner join {{ sides }} as one on {{ pairs }}.record_a = one.record_number
inner join {{ sides }} as other
    on {{ pairs }}.record_b = other.record_number
{%- endmacro %}


{#-
    Colleagues are also those whose firms are a slip apart, or whose mail is of
    one firm; and who shares a mailbox or number of several persons is
    related in some way.
-#}
{% macro identity_levels__relation(fields) -%}
{%- set relation = identity.identity_relation(fields) -%}
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
            {%- do signs.append(identity.identity_levels__shared(field)) -%}
        {%- endif -%}
        {%- if relation.letter == 'c' and field.kind == 'company' -%}
            {%- do signs.append('(length(' ~ one ~ ') > 4 and '
                ~ identity.is_one_slip(one, other, 'shared_' ~ field.name) ~ ')') -%}
        {%- elif relation.letter == 'c' and field.kind == 'email' -%}
            {%- do signs.append(identity.identity_levels__one_domain(field)) -%}
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
{% macro identity_levels__shared(field, least=1) -%}
(
                    one.{{ field.name }} = other.{{ field.name }}
                    and one.{{ field.name }}_holders >= {{ least }}
                )
{%- endmacro %}


{#- Whether two addresses are of one domain that is no provider of mailboxes. -#}
{% macro identity_levels__one_domain(field) -%}
(
                    one.{{ field.name }}_domain = other.{{ field.name }}_domain
                    and not one.{{ field.name }}_is_provided
                )
{%- endmacro %}


{#-
    First and last name in the wrong order, one of them perhaps misspelt, short
    or missing.
-#}
{% macro identity_levels__is_swapped() -%}
case
            when one.first_name = other.last_name
                then
                    one.last_name is null
                    or other.first_name is null
                    or {{ identity.identity_levels__is_alike(
                        'one.last_name', 'other.first_name') }}
            when one.last_name = other.first_name
                then
                    one.first_name is null
                    or other.last_name is null
                    or {{ identity.identity_levels__is_alike(
                        'one.first_name', 'other.last_name') }}
            else 1 = 0
        end
{%- endmacro %}


{#- Whether two names may be one: equal, similar, an initial or a beginning. -#}
{% macro identity_levels__is_alike(one, other) -%}
(
                        {{ one }} = {{ other }}
                        or {{ identity.is_similar(one, other) }}
                        or (
                            (length({{ one }}) <> 2 or length({{ other }}) <> 2)
                            and {{ identity.identity_levels__is_beginning(one, other, 1) }}
                        )
                    )
{%- endmacro %}


{#- Whether one of two texts is the other's beginning, of some letters at least. -#}
{% macro identity_levels__is_beginning(one, other, least) -%}
(
                            length({{ one }}) >= {{ least }}
                            and length({{ other }}) >= {{ least }}
                            and substr(
                                {{ one }}, 1,
                                {{ cleaning.least_of(['length(' ~ one ~ ')',
                                    'length(' ~ other ~ ')']) }}
                            ) = substr(
                                {{ other }}, 1,
                                {{ cleaning.least_of(['length(' ~ one ~ ')',
                                    'length(' ~ other ~ ')']) }}
                            )
                        )
{%- endmacro %}


{#-
    Whether both spellings of a name are established: held by several, neither by
    far fewer than the other, or known short forms. michelle and michele are,
    michelle and michlele are not.
-#}
{% macro identity_levels__are_established(field) -%}
{%- set one, other = ('one.' ~ field.name ~ '_established'),
    ('other.' ~ field.name ~ '_established') -%}
(
                        ({{ one }} < 30 * {{ other }} and {{ other }} < 30 * {{ one }})
                        {%- if field.kind == 'first_name' %}
                        or (one.is_short_name and other.is_short_name)
                        {%- endif %}
                    )
{%- endmacro %}


{#- The letter of one field: that of the first condition that holds. -#}
{% macro identity_levels__of(field, fields, nicknames) -%}
{%- set n = field.name -%}
{%- set one, other, shared = 'one.' ~ n, 'other.' ~ n, 'shared_' ~ n -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set slip = identity.is_one_slip(one, other, shared) -%}
case
            {%- if field.kind == 'email' %}
            when
                one.{{ n }}_namesake = other.{{ n }}_namesake
                and coalesce({{ one }} <> {{ other }}, 1 = 1)
                then case
                    when {{ identity.identity_levels__one_domain(field) }} then 'u'
                    else 'q'
                end
            {%- endif %}
            {%- if field.kind == 'generation' %}
            when {{ one }} is null and {{ other }} is null
                then {% if 'first_name' in kinds and 'last_name' in kinds -%}
                case when one.name_of_many = other.name_of_many then 'q' else '-' end
                {%- else %} '-'{% endif %}
            when {{ one }} is null or {{ other }} is null then 'o'
            {%- else %}
            when {{ one }} is null or {{ other }} is null then '-'
            {%- endif %}
            {%- if field.levels.h %}
            {#- what a crowd has is no address or number of anybody #}
            when {{ identity.identity_levels__shared(field, 50) }} then '-'
            when {{ identity.identity_levels__shared(field) }} then 'h'
            {%- endif %}
            {%- if field.kind in ['date', 'hash', 'identifier'] %}
            when {{ identity.identity_levels__shared(field) }} then '-'
            {%- endif %}
            {%- if field.levels.g and 'first_name' in kinds and 'last_name' in kinds %}
            when {{ one }} = {{ other }} then {{ identity.identity_levels__bearer(field) }}
            {%- endif %}
            when {{ one }} = {{ other }} then 'e'
            {%- for wider in fields if field.kind in ['region', 'country']
                and wider.kind in field.within %}
            {#- who is elsewhere is so once #}
            when one.{{ wider.name }} <> other.{{ wider.name }} then '-'
            {%- endfor %}
            {%- if field.levels.k %}
            when
                one.formal_name = other.formal_name
                {%- for pair in [one ~ ', ' ~ other, other ~ ', ' ~ one] %}
                or ({{ pair }}) in (
                    select nickname, first_name from {{ ref(nicknames) }}
                )
                {%- endfor %}
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
            {{- identity.identity_levels__email(field, fields, slip) }}
            {%- elif field.levels.n %}
            {%- if field.kind == 'identifier' %}
            {#- the next number is the next one's #}
            when
                length({{ one }}) = length({{ other }})
                and {{ shared }} = length({{ one }}) - 1
                then 'c'
            {%- endif %}
            {%- if field.levels.s %}
            {#- Studio 54 is no misspelt Studio 55 #}
            {%- if field.kind == 'company' and 'first_name' not in kinds
                and 'last_name' not in kinds %}
            when {{ identity.identity_levels__counted_apart(one, other, shared) }} then 'u'
            {%- endif %}
            when
                substr({{ one }}, {{ shared }} + 1, 1) between '0' and '9'
                or substr({{ other }}, {{ shared }} + 1, 1) between '0' and '9'
                then 'd'
            {%- endif %}
            when
                length({{ one }}) > 2 and {{ slip }}
                {%- for city in fields if field.kind == 'postcode'
                    and city.kind == 'city' %}
                {#- the next town has the next postcode #}
                and coalesce(
                    substr(one.{{ city.name }}, 1, 2)
                    = substr(other.{{ city.name }}, 1, 2)
                    or substr(one.{{ city.name }}, length(one.{{ city.name }}) - 1)
                    = substr(other.{{ city.name }}, length(other.{{ city.name }}) - 1),
                    1 = 1
                )
                {%- endfor %}
                then {% if field.levels.v -%}
                case
                    when {{ identity.identity_levels__are_established(field) }}
                        then 'v'
                    else 'n'
                end
                {%- else %} 'n'{% endif %}
            {%- if field.levels.v %}
            when
                abs(length({{ one }}) - length({{ other }})) > 3
                and {{ identity.identity_levels__is_beginning(one, other, 3) }}
                then 's'
            {%- endif %}
            {%- endif %}
            {%- if field.kind == 'date' %}
            when {{ identity.identity_levels__is_turned(one, other) }} then 'n'
            when {{ identity.identity_levels__is_close(one, other) }} then 'c'
            when substr({{ one }}, 1, 4) = substr({{ other }}, 1, 4) then 'y'
            when substr({{ one }}, 5) = substr({{ other }}, 5) then 'w'
            {%- elif field.kind == 'postcode' %}
            when {{ shared }} > 2 then 'a'
            {%- elif field.levels.s and field.kind != 'email' %}
            when
                {{ shared }} >= 0
                and abs(length({{ one }}) - length({{ other }})) < 5
                and {{ identity.is_similar(one, other) }}
                then {% if field.levels.v -%}
                case
                    when {{ identity.identity_levels__are_established(field) }}
                        then 'v'
                    else 's'
                end
                {%- else %} 's'{% endif %}
            {%- endif %}
            {%- if field.kind == 'last_name' and 'first_name' in kinds %}
            {%- for mail in fields if mail.kind == 'email' %}
            when {{ identity.identity_levels__bears_last_name(mail) }} then 'm'
            {%- endfor %}
            {%- endif %}
            else 'd'
        end
{%- endmacro %}


{#- Whether two names differ by a number in them: Fund 1, Fund 10. -#}
{% macro identity_levels__counted_apart(one, other, shared) -%}
(
                    (
                        substr({{ one }}, {{ shared }} + 1, 1) between '0' and '9'
                        and substr({{ other }}, {{ shared }} + 1, 1) between '0' and '9'
                    )
                    or (
                        {{ shared }} > 0
                        and substr({{ one }}, {{ shared }}, 1) between '0' and '9'
                        and (
                            substr({{ one }}, {{ shared }} + 1, 1) between '0' and '9'
                            or substr({{ other }}, {{ shared }} + 1, 1)
                            between '0' and '9'
                        )
                    )
                    or (
                        substr({{ one }}, length({{ one }})) between '0' and '9'
                        and substr({{ other }}, length({{ other }})) between '0' and '9'
                        and substr({{ one }}, length(rtrim({{ one }}, '0123456789')) + 1)
                        <> substr(
                            {{ other }}, length(rtrim({{ other }}, '0123456789')) + 1
                        )
                    )
                )
{%- endmacro %}


{#- Whether two dates have day and month in the other's order. -#}
{% macro identity_levels__is_turned(one, other) -%}
(
                length({{ one }}) = 8
                and {{ one }} = substr({{ other }}, 1, 4)
                || substr({{ other }}, 7, 2) || substr({{ other }}, 5, 2)
            )
{%- endmacro %}


{#- Whether two dates differ by little in each part: a year or ten, two months,
    three days. -#}
{% macro identity_levels__is_close(one, other) -%}
{%- set parts = [] -%}
{%- for start, size in [(1, 4), (5, 2), (7, 2)] -%}
    {%- set sides = [] -%}
    {%- for side in [one, other] -%}
        {%- do sides.append('cast(substr(' ~ side ~ ', ' ~ start ~ ', ' ~ size
            ~ ') as integer)') -%}
    {%- endfor -%}
    {%- do parts.append('abs(' ~ sides | join(' - ') ~ ')') -%}
{%- endfor -%}
(
                length({{ one }}) = 8
                and length({{ other }}) = 8
                and {{ parts[2] }} <= 3
                and {{ parts[1] }} in (0, 1, 2, 11)
                and {{ parts[0] }} in (0, 1, 10)
            )
{%- endmacro %}


{#- Whether one of two has a mailbox with the last name of the other and without
    its own: somebody who married kept it. -#}
{% macro identity_levels__bears_last_name(mail) -%}
{%- set sides = [] -%}
{%- for one, other in [('one', 'other'), ('other', 'one')] -%}
    {%- set mailbox = one ~ '.' ~ mail.name ~ '_mailbox' -%}
    {%- do sides.append('(length(' ~ other ~ '.last_name) > 3 and '
        ~ cleaning.position_of(mailbox, other ~ '.last_name') ~ ' > 0 and '
        ~ cleaning.position_of(mailbox, one ~ '.last_name') ~ ' = 0)') -%}
{%- endfor -%}
({{ sides | join(' or ') }})
{%- endmacro %}


{#-
    The levels that only addresses have. The number behind a name counts:
    john2@ is another person than john@, and john1966@ elsewhere the same one.
    So do names: of one firm, lei.li@ and wei.li@ are two.
    j.smith@ and jsmith@ of one provider are no more than two of one name.
-#}
{% macro identity_levels__email(field, fields, slip) -%}
{%- set one, other = 'one.' ~ field.name, 'other.' ~ field.name -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set name, number = [], [] -%}
{%- for mailbox in [one ~ '_mailbox', other ~ '_mailbox'] -%}
    {%- set letters = 'rtrim(' ~ mailbox ~ ", '0123456789')" -%}
    {%- do name.append(letters) -%}
    {%- do number.append(
        'substr(' ~ mailbox ~ ', length(' ~ letters ~ ') + 1)'
    ) -%}
{%- endfor %}
            when
                {{ identity.identity_levels__one_domain(field) }}
                and {{ name[0] }} = {{ name[1] }}
                and length({{ number[0] }} || {{ number[1] }}) <= 2
                then 'u'
            {%- if 'first_name' in kinds and 'last_name' in kinds %}
            when
                {{ identity.identity_levels__one_domain(field) }}
                and {{ identity.identity_levels__named_apart(field) }}
                then 'u'
            {%- endif %}
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
                then {% if 'first_name' in kinds and 'last_name' in kinds -%}
                case
                    when {{ identity.identity_levels__made_of_name(field) }}
                        then 'f'
                    when
                        {{ identity.identity_levels__letters(one) }} = replace(
                            replace(
                                {{ identity.identity_levels__letters(other) }},
                                other.last_name, one.last_name
                            ), other.first_name, one.first_name
                        )
                        then 'f'
                    else 'n'
                end
                {%- else %} 'n'{% endif %}
            when {{ identity.identity_levels__one_domain(field) }} then 'o'
            {#- john2 is the second john of either firm #}
            when {{ number[0] }} = {{ number[1] }} and length({{ number[0] }}) > 1
                then case
                    when {{ one }}_mailbox = {{ other }}_mailbox then 'm'
                    when
                        {{ identity.is_similar(one ~ '_mailbox', other ~ '_mailbox') }}
                        and {{ identity.is_similar(one ~ '_domain', other ~ '_domain') }}
                        then 's'
                    else 'd'
                end
{%- endmacro %}


{#- Whether two mailboxes differ as the first names do, each with its own: a firm
    that has lei.li@ and wei.li@ has two. -#}
{% macro identity_levels__named_apart(field) -%}
{%- set one, other = identity.identity_levels__letters('one.' ~ field.name),
    identity.identity_levels__letters('other.' ~ field.name) -%}
(
                    one.formal_name <> other.formal_name
                    and length(one.first_name) > 1
                    and length(other.first_name) > 1
                    and {{ cleaning.position_of(one, 'one.first_name') }} > 0
                    and {{ cleaning.position_of(other, 'other.first_name') }} > 0
                    and replace({{ one }}, one.first_name, '|')
                    = replace({{ other }}, other.first_name, '|')
                )
{%- endmacro %}


{#- A mailbox as names are compared: min-jun.kim is minjunkim. -#}
{% macro identity_levels__letters(address) -%}
replace(replace(replace({{ address }}_mailbox, '.', ''), '-', ''), '_', '')
{%- endmacro %}


{#-
    Of one mailbox of two records: g if a provider gives it and it is made of
    their name, so that a namesake might have it too, b if the first name of one
    alone is in it, e otherwise.
-#}
{% macro identity_levels__bearer(field) -%}
{%- set mailbox = 'one.' ~ field.name ~ '_mailbox' -%}
case
                when
                    one.formal_name <> other.formal_name
                    and (
                        length(one.first_name) > 2
                        and {{ cleaning.position_of(
                            mailbox, 'one.first_name'
                        ) }} > 0
                    ) <> (
                        length(other.first_name) > 2
                        and {{ cleaning.position_of(
                            mailbox, 'other.first_name'
                        ) }} > 0
                    )
                    then 'b'
                when {{ identity.identity_levels__made_of_name(field) }} then 'g'
                else 'e'
            end
{%- endmacro %}


{#- Whether two mailboxes of a provider are made of the last names. -#}
{% macro identity_levels__made_of_name(field) -%}
{%- set one, other = 'one.' ~ field.name, 'other.' ~ field.name -%}
(
                        {{ one }}_mailbox = rtrim({{ one }}_mailbox, '0123456789')
                        and (
                            {{ cleaning.position_of(
                                one ~ '_mailbox', 'one.last_name'
                            ) }} > 0
                            or {{ cleaning.position_of(
                                other ~ '_mailbox', 'other.last_name'
                            ) }}
                            > 0
                        )
                        and (
                            {{ one }}_domain is null
                            or one.{{ field.name }}_is_provided
                        )
                    )
{%- endmacro %}
