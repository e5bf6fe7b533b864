{#-
    Pairs of records that nobody can be sure of and nobody decided: of a
    probability between .05 and .95, or a higher one that was not merged. The first are those that concern most
    money, then the least sure. One row per pair.
      shown    expression over `records` that names a record
      label    name of the column with it
      amounts  relation with the golden records' identifiers, amount_cents and
               currency_code, or none; amounts of several currencies have no sum
    Other arguments as in identity_merges.
-#}
{% macro identity_review(
    entity, id, record_id, shown, label, pairs, clusters, records, amounts=none
) -%}
with

uncertain as (

    select
        one.cluster_id,
        other.cluster_id as other_cluster_id,
        one.record_id,
        other.record_id as other_record_id,
        pairs.pattern,
        pairs.probability
    from {{ pairs }} as pairs
    inner join {{ clusters }} as one on pairs.record_a = one.record_number
    inner join {{ clusters }} as other on pairs.record_b = other.record_number
    where
        pairs.decision = ''
        and pairs.probability >= 0.05
        -- a surer one that other records keep from being merged is doubtful, too
        and (pairs.probability <= 0.95 or one.cluster_id <> other.cluster_id)
    {{ cleaning.computed_once() }}

),

shown as (

    select
        {{ identity.identity_settings(entity).id }} as record_id,
        {{ shown }} as label
    from {{ records }}

),
{% if amounts %}
amounts as (

    select
        {{ id }} as cluster_id,
        min(currency_code) as currency_code,
        case
            when
                min(coalesce(currency_code, ''))
                = max(coalesce(currency_code, ''))
                then sum(amount_cents)
        end as amount_cents
    from {{ amounts }}
    -- none so large that a sum of many would be no whole number
    where abs(amount_cents) <= 1000000000000000
    group by {{ id }}

),
{% endif %}
valued as (

    select
        uncertain.record_id as {{ record_id }},
        uncertain.other_record_id as other_{{ record_id }},
        one.label as {{ label }},
        other.label as other_{{ label }},
        uncertain.probability,
        uncertain.cluster_id = uncertain.other_cluster_id as is_merged,
        {{ identity.identity_summary(entity, 'uncertain.pattern') }} as evidence
        {%- if amounts %},
        coalesce(amounts.currency_code, other_amounts.currency_code)
            as currency_code,
        case
            when amounts.cluster_id is null and other_amounts.cluster_id is null
                then 0
            when amounts.cluster_id is null then other_amounts.amount_cents
            when
                uncertain.cluster_id = uncertain.other_cluster_id
                or other_amounts.cluster_id is null
                then amounts.amount_cents
            when
                amounts.currency_code
                is not distinct from other_amounts.currency_code
                then amounts.amount_cents + other_amounts.amount_cents
        end as amount_cents
        {%- endif %}
    from uncertain
    inner join shown as one on uncertain.record_id = one.record_id
    inner join shown as other on uncertain.other_record_id = other.record_id
    {%- if amounts %}
    left join amounts on uncertain.cluster_id = amounts.cluster_id
    left join amounts as other_amounts
        on uncertain.other_cluster_id = other_amounts.cluster_id
    {%- endif %}

)

select
    row_number() over (
        order by
            {%- if amounts %}
            amount_cents desc nulls last,
            {%- endif %}
            abs(probability - 0.5) asc,
            {{ record_id }} asc,
            other_{{ record_id }} asc
    ) as review_rank,
    {{ record_id }},
    other_{{ record_id }},
    {{ label }},
    other_{{ label }},
    probability,
    is_merged,
    evidence
    {%- if amounts %},
    case when amount_cents is not null then currency_code end as currency_code,
    amount_cents
    {%- endif %}
from valued
order by review_rank
{%- endmacro %}
