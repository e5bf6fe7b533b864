{#-
    The values that occur more than once in a field, how rare they are, and
    which addresses and numbers several persons hold. Rarity is in centibits:
    1000 for a value of one person in 2 to the 10th. The row without a value
    stands for all that occur once, and counts all holders.

    Counted are holders, not records: a date of birth that all five records of
    one person have is as rare as any other. With `learned`, of identity_learning,
    they are counted anew when weights are learned anew.
-#}
{% macro identity_values(entity, records, learned=none) -%}
{%- set fields = identity.identity_fields(entity) -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set both_names = 'first_name' in kinds and 'last_name' in kinds -%}
{%- set streets = fields | selectattr('kind', 'equalto', 'street') | list -%}
{%- set alone = [] -%}
{%- for field in fields
    if field.personal and field.one_in and field.one_in >= 10000
    and not field.moves -%}
    {%- do alone.append(field.name) -%}
{%- endfor %}
{%- set full -%}
{{ identity.step_powers() }}
{% call identity.step_table('step_seen') %}
    {%- for field in fields if field.one_in %}
    {{ 'union all' if not loop.first }}
    select
        '{{ field.name }}' as field,
        {{ field.name }} as value,
        count(*) as record_count,
        {{ cleaning.greatest_of([identity.identity_values__holders(field, fields), 1]) }}
            as seen_count,
        {%- if field.levels.h and both_names %}
        count(distinct {{ identity.identity_values__initials() }})
        {%- elif field.levels.h and 'street' in kinds and 'company' in kinds %}
        {#- a number of several houses is a head office's #}
        count(distinct substr({{ streets[0].name }}, 1, 8))
        {%- elif field.kind == 'domain' and 'company' in kinds %}
        count(distinct substr({{ identity.identity_fields__firms(fields)[0].name }}, 1, 4))
        {%- else %}
        1
        {%- endif %} as person_count
    from {{ records }}
    where {{ field.name }} is not null
    group by {{ field.name }}
    {%- endfor %}
{% endcall %}
{#- Of a common value the holders cannot be separated by what separates those of a
    rare one: they are as many as its records, less what one holder has of them. #}
{% call identity.step_table('step_usual', indexes=['field']) %}
    select
        field,
        {{ cleaning.as_double('1.0') }} * sum(record_count) / sum(seen_count) as records_each
    from step_seen
    where seen_count < 4 and record_count < 12
    group by field
{% endcall %}
{% call identity.step_table('step_counts') %}
    select
        counts.field,
        counts.value,
        counts.record_count,
        counts.person_count,
        counts.seen_count,
        case
            when counts.seen_count < 5 then counts.seen_count
            else {{ cleaning.greatest_of(['counts.seen_count', 'cast('
                ~ cleaning.nearest(
                    'counts.record_count / coalesce(usual.records_each, 1)'
                ) ~ ' as integer)']) }}
        end as holder_count
    from step_seen as counts
    left join step_usual as usual on counts.field = usual.field
{% endcall %}
{% call identity.step_table('step_totals', indexes=['field']) %}
    select
        field,
        sum(holder_count) as holder_count
    from step_counts
    group by field
{% endcall %}
{#- Of a value that one holder has, how many others have it: as many as the values
    of two holders say (Good and Turing). -#}
{% call identity.step_table('step_unseen', indexes=['field']) %}
    select
        field,
        {{ cleaning.as_double('2.0') }} * sum(case when holder_count = 2 then 1 else 0 end)
        / sum(case when holder_count = 1 then 1 else 0 end) as again
    from step_counts
    where field in ('{{ alone | join("', '") }}')
    group by field
    having sum(case when holder_count = 1 then 1 else 0 end) > 0
{% endcall %}
{#- The pair that agrees holds it itself: its chance is that of the others. -#}
{% call identity.step_table('step_rarities', indexes=['field, holder_count']) %}
    select
        counts.field,
        counts.holder_count,
        {{ identity.centibits_of(
            '(totals.holder_count + 99.0)'
            ~ ' / (counts.holder_count - 1 + '
            ~ cleaning.greatest_of([
                '100.0 / prior.one_in', 'coalesce(unseen.again, 0)'
            ]) ~ ')'
        ) }} as rarity
    from (
        select distinct field, holder_count from step_counts
        union
        select field, 1 from step_totals
    ) as counts
    inner join step_totals as totals on counts.field = totals.field
    inner join (
        {{ identity.identity_values__priors(fields) }}
    ) as prior on counts.field = prior.field
    left join step_unseen as unseen on counts.field = unseen.field
{% endcall %}
select
    counts.field,
    counts.value,
    counts.holder_count,
    rarities.rarity,
    {%- if alone %}
    case
        when counts.field in ('{{ alone | join("', '") }}')
            {#- a date or number that stands for none: 1900-01-01, 999999999 #}
            then counts.record_count >= 50
                and 200 * counts.holder_count >= totals.holder_count
        else counts.person_count > 2
    end as is_shared,
    {%- else %}
    counts.person_count > 2 as is_shared,
    {%- endif %}
    counts.seen_count > 2 as is_established
from step_counts as counts
inner join step_rarities as rarities
    on
        counts.field = rarities.field
        and counts.holder_count = rarities.holder_count
{%- if alone %}
inner join step_totals as totals on counts.field = totals.field
{%- endif %}
where counts.record_count > 1
union all
select
    totals.field,
    '' as value,
    totals.holder_count,
    rarities.rarity,
    1 = 0 as is_shared,
    1 = 0 as is_established
from step_totals as totals
inner join step_rarities as rarities
    on totals.field = rarities.field and rarities.holder_count = 1
{{ identity.identity_values__providers(fields, records) }}
{{ identity.identity_values__namesakes(fields, records) }}
{{ identity.identity_values__many(entity, fields, records) }}
{%- endset -%}
{%- set watch -%}
select learned_file_id, learned_record_count from {{ learned }}
where record_id = ''
{%- endset -%}
{{ identity.steps(full, watch=watch if learned else none) }}
{%- endmacro %}


{#- Domains of mail whose many records are of no firm in particular. -#}
{% macro identity_values__providers(fields, records) -%}
{%- set firms = identity.identity_fields__firms(fields) -%}
{%- for field in fields if field.kind == 'email' and firms %}
union all
select
    '{{ field.name }} provider' as field,
    domain as value,
    cast(sum(record_count) as integer) as holder_count,
    0 as rarity,
    1 = 1 as is_shared,
    1 = 0 as is_established
from (
    select
        {{ field.name }}_domain as domain,
        {{ firms[0].name }} as firm,
        count(*) as record_count
    from {{ records }}
    where {{ field.name }}_domain is not null
    group by {{ field.name }}_domain, {{ firms[0].name }}
) as firms
group by domain
having
    sum(record_count) >= 20
    and 3 * max(case when firm is null then 0 else record_count end)
    < sum(record_count)
{%- endfor %}
{%- endmacro %}


{#- Names that two have in one firm: the mailbox of one of them has a number. -#}
{% macro identity_values__namesakes(fields, records) -%}
{%- for field in fields if field.kind == 'email'
    and identity.identity_values__named_at(fields) %}
{%- set mailbox = field.name ~ '_mailbox' %}
union all
select distinct
    '{{ field.name }} namesake' as field,
    {{ identity.identity_values__named_at(fields) }} as value,
    2 as holder_count,
    0 as rarity,
    1 = 1 as is_shared,
    1 = 0 as is_established
from {{ records }}
where
    {{ field.name }}_domain is not null
    and {{ identity.identity_values__named_at(fields) }} is not null
    and substr({{ mailbox }}, length({{ mailbox }}), 1) between '2' and '9'
    and length(rtrim({{ mailbox }}, '0123456789')) = length({{ mailbox }}) - 1
    and {{ cleaning.position_of(mailbox, 'last_name') }} > 0
{%- endfor %}
{%- endmacro %}


{#- Whole names that ten firms have, or numbers where no firms are compared, and
    those that say what a mailbox is for: Accounts Payable, Front Desk. -#}
{% macro identity_values__many(entity, fields, records) -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set holders = fields | selectattr('kind', 'in', ['company_id', 'company']) | list
    + fields | selectattr('kind', 'in', ['phone', 'email', 'street', 'city']) | list -%}
{%- if 'first_name' in kinds and 'last_name' in kinds %}
union all
select
    'name of many' as field,
    formal_name || '|' || last_name as value,
    count(*) as holder_count,
    0 as rarity,
    1 = 1 as is_shared,
    1 = 0 as is_established
from {{ records }}
where formal_name || last_name is not null
group by formal_name, last_name
having
    min(formal_name) in (
        select mailbox from {{ ref(identity.identity_settings(entity).shared_mailboxes) }}
    )
    or min(formal_name) || min(last_name) in (
        select mailbox from {{ ref(identity.identity_settings(entity).shared_mailboxes) }}
    )
    {%- if holders %}
    or (count(*) >= 10 and count(distinct {{ holders[0].name }}) >= 10)
    {%- endif %}
{%- endif %}
{%- endmacro %}


{#- A name and its firm as one text; nothing where names or firms are not compared. -#}
{% macro identity_values__named_at(fields, side='') -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set firms = identity.identity_fields__firms(fields) -%}
{%- if 'first_name' in kinds and 'last_name' in kinds and firms -%}
{{ side }}formal_name || '|' || {{ side }}last_name || '|' || {{ side }}{{ firms[0].name }}
{%- endif -%}
{%- endmacro %}


{#- How common a value of each field is before the records say it. -#}
{% macro identity_values__priors(fields) -%}
{%- for field in fields if field.one_in %}
        {{ 'union all' if not loop.first }}
        select '{{ field.name }}' as field, {{ field.one_in }} as one_in
{%- endfor %}
{%- endmacro %}


{#-
    How many hold a value. Of what one person has alone, a slip in one name
    makes no second holder: two differ in both names.
-#}
{% macro identity_values__holders(field, fields) -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- if 'first_name' in kinds and 'last_name' in kinds
    and field.one_in >= 10000 and field.personal and not field.moves -%}
    {%- set initials = identity.identity_values__initials() -%}
    {{ cleaning.least_of([
        'count(distinct substr(' ~ initials ~ ', 1, 1))',
        'count(distinct substr(' ~ initials ~ ', 2, 1))',
    ]) }}
{%- else -%}
count(distinct {{ identity.identity_values__holder(field, fields) }})
{%- endif -%}
{%- endmacro %}


{#-
    What separates the holders of a value, as far as their names are given: of
    a name the other name, of what few share their initials, in either order,
    of anything else more of their names; without names a part of the company,
    or something else that few share.
-#}
{% macro identity_values__holder(field, fields) -%}
{%- set kinds = fields | map(attribute='kind') | list -%}
{%- set other = {'first_name': 'last_name', 'last_name': 'first_name'} -%}
{%- set companies = fields | selectattr('kind', 'equalto', 'company')
    | map(attribute='name') | reject('equalto', field.name) | list -%}
{%- if 'first_name' in kinds and 'last_name' in kinds -%}
    {%- if field.kind in other -%}
        {{ other[field.kind] }}
    {%- else -%}
        {{ identity.identity_values__initials(1 if field.one_in >= 10000 else 2) }}
    {%- endif -%}
{%- elif 'last_name' in kinds and field.kind != 'last_name' -%}
    substr(last_name, 1, 3)
{%- elif companies -%}
    substr({{ companies[0] }}, 1, 4)
{%- else -%}
    {%- set others = fields | rejectattr('name', 'equalto', field.name)
        | selectattr('kind', 'in', ['email', 'phone', 'hash', 'identifier', 'domain', 'text'])
        | map(attribute='name') | list -%}
    {{ (others + ['record_number'])[0] }}
{%- endif -%}
{%- endmacro %}


{#- The first letters of a whole name, in either order; NULL without one. -#}
{% macro identity_values__initials(size=1) -%}
{%- set names = [
    'substr(first_name, 1, ' ~ size ~ ')', 'substr(last_name, 1, ' ~ size ~ ')'
] -%}
case
            when first_name || last_name is not null
                then {{ cleaning.least_of(names) }} || {{ cleaning.greatest_of(names) }}
        end
{%- endmacro %}
