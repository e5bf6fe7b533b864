{#-
    The pairs of records that share a block, and what their comparison finds.
-#}
{% macro identity_candidates(entity, records, keys, values) -%}
{%- set full -%}
{% call identity.step_table('step_pairs') %}
    {{ identity.identity_candidates__of(entity, keys) }}
{% endcall %}
{{ identity.identity_compared(entity, records, values) }}
{%- endset -%}
{#- In an increment the pairs of new and changed records alone. -#}
{%- set delta -%}
{{ identity.identity_touched(records) }}
{{ identity.step_without_touched() }}
{% call identity.step_table('step_pairs') %}
    {{ identity.identity_candidates__of(entity, keys, touched='step_touched') }}
{% endcall %}
{{ identity.identity_sides(entity, records, values, 'step_pairs') }}
{{ identity.identity_patterns(entity, 'step_pairs', 'step_sides') }}
{%- endset -%}
{{ identity.steps(full, delta) }}
{%- endmacro %}


{#-
    Each pair of a block once, as record_a < record_b, but none of one group whose
    records are kept apart; `touched` names a table of record numbers: only pairs
    with one of them.
-#}
{% macro identity_candidates__of(entity, keys, touched=none) -%}
{%- set apart = identity.identity_settings(entity).apart -%}
select distinct
    {{ cleaning.least_of(['one.record_number', 'other.record_number']) }} as record_a,
    {{ cleaning.greatest_of(['one.record_number', 'other.record_number']) }} as record_b
from (
    select block_key
    from {{ keys }}
    {%- if touched %}
    where
        block_key in (
            select met.block_key
            from {{ touched }} as touched
            inner join {{ keys }} as met
                on touched.record_number = met.record_number
        )
    {%- endif %}
    group by block_key
    having
        count(*) between 2 and max(block_limit)
        {%- if apart %}
        and (count(*) > count(apart) or min(apart) <> max(apart))
        {%- endif %}
) as blocks
inner join {{ keys }} as one on blocks.block_key = one.block_key
inner join {{ keys }} as other on blocks.block_key = other.block_key
where
    {%- if touched %}
    one.record_number in (select record_number from {{ touched }})
    and one.record_number <> other.record_number
    {%- else %}
    one.record_number < other.record_number
    {%- endif %}
    {%- if apart %}
    and not coalesce(one.apart = other.apart, false)
    {%- endif %}
{%- endmacro %}
