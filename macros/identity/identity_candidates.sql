{#-
    The pairs of records that share a block, once each, as record_a < record_b.
    `touched` names a table of record numbers: only pairs with one of them.
    `sample` takes one of so many records, and their pairs.
-#}
{% macro identity_candidates(keys, touched=none, sample=none) -%}
select distinct
    {{ least_of(['one.record_number', 'other.record_number']) }} as record_a,
    {{ greatest_of(['one.record_number', 'other.record_number']) }} as record_b
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
    having count(*) between 2 and max(block_limit)
) as blocks
inner join {{ keys }} as one on blocks.block_key = one.block_key
inner join {{ keys }} as other on blocks.block_key = other.block_key
where
    {%- if touched %}
    one.record_number in (select record_number from {{ touched }})
    and one.record_number <> other.record_number
    {%- else %}
    one.record_number < other.record_number
    {%- if sample %}
    and one.record_number % {{ sample }} = 0
    {%- endif %}
    {%- endif %}
{%- endmacro %}
