{#-
    The values that occur more than once in a field, how rare they are, and
    which addresses and numbers several persons hold. Rarity is in centibits:
    1000 for a value of one record in 2 to the 10th. The row without a value
    stands for all that occur once, and counts the records that have any.
-#}
{% macro identity_values(entity, records) -%}
{%- set initials = [] -%}
{%- for name in identity_fields__of(entity, ['first_name', 'last_name']) -%}
    {%- do initials.append("coalesce(substr(" ~ name ~ ", 1, 1), '')") -%}
{%- endfor -%}
{{ step_powers() }}
{% call step_table('step_counts') %}
    {%- for field in identity_fields(entity) if field.one_in %}
    {{ 'union all' if not loop.first }}
    select
        '{{ field.name }}' as field,
        {{ field.name }} as value,
        count(*) as record_count,
        {%- if field.kind in ['email', 'phone'] and initials %}
        count(distinct {{ initials | join(' || ') }}) as holder_count
        {%- else %}
        1 as holder_count
        {%- endif %}
    from {{ records }}
    where {{ field.name }} is not null
    group by {{ field.name }}
    {%- endfor %}
{% endcall %}
{% call step_table('step_totals', indexes=['field']) %}
    select
        field,
        sum(record_count) as record_count
    from step_counts
    group by field
{% endcall %}
{#- The pair that agrees is two of the records: the others tell its chance. -#}
{% call step_table('step_rarities', indexes=['field, record_count']) %}
    select
        counts.field,
        counts.record_count,
        {{ centibits_of(
            '(totals.record_count + 99.0)'
            ~ ' / (counts.record_count - 1 + 100.0 / prior.one_in)'
        ) }} as rarity
    from (
        select distinct field, record_count from step_counts
        union
        select field, 1 from step_totals
    ) as counts
    inner join step_totals as totals on counts.field = totals.field
    inner join (
        {%- for field in identity_fields(entity) if field.one_in %}
        {{ 'union all' if not loop.first }}
        select '{{ field.name }}' as field, {{ field.one_in }} as one_in
        {%- endfor %}
    ) as prior on counts.field = prior.field
{% endcall %}
select
    counts.field,
    counts.value,
    counts.record_count,
    rarities.rarity,
    counts.holder_count > 2 as is_shared
from step_counts as counts
inner join step_rarities as rarities
    on
        counts.field = rarities.field
        and counts.record_count = rarities.record_count
where counts.record_count > 1
union all
select
    totals.field,
    '' as value,
    totals.record_count,
    rarities.rarity,
    1 = 0 as is_shared
from step_totals as totals
inner join step_rarities as rarities
    on totals.field = rarities.field and rarities.record_count = 1
{%- endmacro %}
